#include "console/intake.h"

#include <utility>

namespace rig::console {

Intake::Intake(io::Loop& loop, ConsoleSettings settings)
    : settings_(std::move(settings)),
      feed_(settings_.lines),
      log_(settings_.log_file),
      silence_(loop) {}

void Intake::receive(base::ByteView bytes, Time now) {
  std::vector<Event> events;
  feed_.receive(bytes, now, events);
  give(std::move(events));
  report_log(log_.append(bytes));
  watch_silence();
}

void Intake::count(const LineCounters& counters, Time now) {
  std::vector<Event> events;
  feed_.count(counters, now, events);
  give(std::move(events));
}

void Intake::vanish(std::string reason, Time now) {
  std::vector<Event> events;
  feed_.vanish(std::move(reason), now, events);
  give(std::move(events));
}

void Intake::come_back(std::string where, Time now) {
  std::vector<Event> events;
  feed_.come_back(std::move(where), now, events);
  give(std::move(events));
}

void Intake::trouble(std::string what, Time now) {
  give({Trouble{.at = now, .what = std::move(what)}});
}

void Intake::end_line() {
  std::vector<Event> events;
  feed_.end_line(events);
  give(std::move(events));
}

void Intake::hold_log(bool held) { report_log(log_.hold(held)); }

void Intake::give(std::vector<Event> events) {
  const Console::Listener listener = listener_;  // it may be replaced by what it is told
  if (!listener) return;
  for (const Event& event : events) listener(event);
}

void Intake::report_log(const std::optional<std::string>& failure) {
  if (failure) trouble(*failure, io::now());
}

// One timer per begun line, not one per piece of it.
void Intake::watch_silence() {
  const auto wake = feed_.wake_time();
  if (!wake || silence_.is_set()) return;
  silence_.at(*wake, [this](Time now) {
    std::vector<Event> events;
    feed_.flush_silent(now, events);
    give(std::move(events));
    watch_silence();
  });
}

}  // namespace rig::console
