#include "serve/tail.h"

#include <algorithm>
#include <string_view>

namespace rig::serve {
namespace {

using record::Event;
using record::EventKind;
using record::Lane;

constexpr std::size_t kLongestLine = 200;  // bytes

bool is_shown(const Event& event) {
  if (event.lane == Lane::console || event.lane == Lane::power) return true;
  return event.lane == Lane::rig || (event.lane == Lane::link && event.kind == EventKind::shaped);
}

void note_power(Tail& tail, const Event& event) {
  std::string_view domains = event.text;
  while (!domains.empty()) {
    const auto name = domains.substr(0, domains.find('+'));
    tail.power[std::string(name)] = event.kind == EventKind::on;
    domains.remove_prefix(std::min(name.size() + 1, domains.size()));
  }
}

// "profile NAME", "NAME on", "NAME off".
class LinkNames {
 public:
  void note(std::string_view text) {
    constexpr std::string_view kProfile = "profile ";
    if (text.starts_with(kProfile)) {
      profile_ = text;
    } else if (text.ends_with(" on")) {
      active_.emplace_back(text.substr(0, text.size() - 3));
    } else if (text.ends_with(" off")) {
      std::erase(active_, text.substr(0, text.size() - 4));
    }
  }
  [[nodiscard]] std::string text() const {
    std::string out = profile_;
    for (const std::string& each : active_) out += (out.empty() ? "" : ", ") + each;
    return out;
  }

 private:
  std::string profile_;
  std::vector<std::string> active_;
};

std::string text_of(const Event& event) {
  std::string text = event.text;
  if (event.lane != Lane::console) {
    text = std::string(record::name_of(event.kind)) + (text.empty() ? "" : " " + text);
  }
  return text.substr(0, kLongestLine);
}

}  // namespace

Tail tail_of(const record::Timeline& timeline, std::size_t lines) {
  Tail tail;
  LinkNames link;
  for (const Event& event : timeline) {
    if (event.lane == Lane::power) note_power(tail, event);
    if (event.lane == Lane::link && event.kind == EventKind::shaped) link.note(event.text);
  }
  tail.link = link.text();
  for (auto event = timeline.rbegin(); event != timeline.rend() && tail.lines.size() < lines;
       ++event) {
    if (!is_shown(*event)) continue;
    tail.lines.push_back({.at_ms = base::to_microseconds(event->at) / 1'000,
                          .lane = std::string(record::name_of(event->lane)),
                          .text = text_of(*event)});
  }
  std::reverse(tail.lines.begin(), tail.lines.end());
  return tail;
}

}  // namespace rig::serve
