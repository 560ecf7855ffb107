// What the drivers have in common: the feed, the log, the silence, the listener. A part of each,
// not a base of them. The listener hears first, then the log is written: a trigger does not wait
// for the disk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/console.h"
#include "console/feed.h"
#include "console/raw_log.h"
#include "io/timer.h"

namespace rig::console {

class Intake {
 public:
  // Throws base::RigError when the log cannot be opened.
  Intake(io::Loop& loop, ConsoleSettings settings);

  [[nodiscard]] const std::string& name() const { return settings_.name; }
  void listen(Console::Listener listener) { listener_ = std::move(listener); }

  void receive(base::ByteView bytes, Time now);
  void count(const LineCounters& counters, Time now);
  void vanish(std::string reason, Time now);
  void come_back(std::string where, Time now);
  void trouble(std::string what, Time now);
  void end_line();
  void hold_log(bool held);

  [[nodiscard]] std::optional<Time> last_received() const { return feed_.last_received(); }
  [[nodiscard]] std::uint64_t received() const { return feed_.received(); }

 private:
  void give(std::vector<Event> events);
  void report_log(const std::optional<std::string>& failure);
  void watch_silence();

  ConsoleSettings settings_;
  Feed feed_;
  RawLog log_;
  io::Timer silence_;
  Console::Listener listener_;
};

}  // namespace rig::console
