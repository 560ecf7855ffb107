// A listener that keeps what it is told, as text that a test can compare.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "console/event.h"

namespace rig::console {

inline std::string to_text(const Line& line) { return line.text; }
inline std::string to_text(const Vanished&) { return "<vanished>"; }
inline std::string to_text(const Returned&) { return "<returned>"; }
inline std::string to_text(const LineFault& fault) {
  return std::string("<") + name_of(fault.kind) + " " + std::to_string(fault.count) + ">";
}
inline std::string to_text(const Trouble& trouble) { return "<" + trouble.what + ">"; }

inline std::string to_text(const std::vector<Event>& events) {
  std::string all;
  for (const Event& event : events) {
    all += std::visit([](const auto& each) { return to_text(each); }, event);
    all += '|';
  }
  return all;
}

class Told {
 public:
  void operator()(const Event& event) { events.push_back(event); }
  [[nodiscard]] std::string text() const { return to_text(events); }
  [[nodiscard]] std::size_t size() const { return events.size(); }
  template <typename Kind>
  [[nodiscard]] const Kind& at(std::size_t index) const {
    return std::get<Kind>(events.at(index));
  }

  std::vector<Event> events;
};

}  // namespace rig::console
