#include "console/feed.h"

#include <utility>

namespace rig::console {

void Feed::receive(base::ByteView bytes, Time now, std::vector<Event>& events) {
  if (bytes.empty()) return;
  last_received_ = now;
  complete_.clear();
  lines_.receive(bytes, now, complete_);
  for (Line& line : complete_) events.emplace_back(std::move(line));
}

void Feed::count(const LineCounters& counters, Time now, std::vector<Event>& events) {
  using Kind = LineFault::Kind;
  const LineCounters before = counters_.value_or(counters);
  counters_ = counters;
  const auto report = [&](Kind kind, std::uint32_t LineCounters::*counter) {
    const std::uint32_t more = counters.*counter - before.*counter;
    if (more != 0) events.emplace_back(LineFault{.at = now, .kind = kind, .count = more});
  };
  report(Kind::framing, &LineCounters::framing);
  report(Kind::parity, &LineCounters::parity);
  report(Kind::line_break, &LineCounters::breaks);
  report(Kind::overrun, &LineCounters::overrun);
  report(Kind::buffer_overrun, &LineCounters::buffer_overrun);
}

void Feed::vanish(std::string reason, Time now, std::vector<Event>& events) {
  end_line(events);
  counters_.reset();
  events.emplace_back(Vanished{.at = now, .reason = std::move(reason)});
}

void Feed::come_back(std::string where, Time now, std::vector<Event>& events) {
  counters_.reset();
  events.emplace_back(Returned{.at = now, .where = std::move(where)});
}

void Feed::end_line(std::vector<Event>& events) {
  if (auto line = lines_.flush(io::LineEnd::closed)) events.emplace_back(std::move(*line));
}

void Feed::flush_silent(Time now, std::vector<Event>& events) {
  if (auto line = lines_.flush_silent(now)) events.emplace_back(std::move(*line));
}

}  // namespace rig::console
