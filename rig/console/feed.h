// Turns what happens at a console into events. Pure: bytes, counters and fates come in with their
// time, events go out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "console/event.h"

namespace rig::console {

// What a serial driver has counted since the port exists; they wrap.
struct LineCounters {
  std::uint32_t framing{};
  std::uint32_t parity{};
  std::uint32_t breaks{};
  std::uint32_t overrun{};
  std::uint32_t buffer_overrun{};
};

class Feed {
 public:
  explicit Feed(io::LineAssembler::Limits limits) : lines_(limits) {}

  // Each appends to `events`.
  void receive(base::ByteView bytes, Time now, std::vector<Event>& events);
  // The first counters after the start or a return are only noted.
  void count(const LineCounters& counters, Time now, std::vector<Event>& events);
  void vanish(std::string reason, Time now, std::vector<Event>& events);
  void come_back(std::string where, Time now, std::vector<Event>& events);
  void end_line(std::vector<Event>& events);
  void flush_silent(Time now, std::vector<Event>& events);

  [[nodiscard]] std::optional<Time> wake_time() const { return lines_.wake_time(); }
  [[nodiscard]] std::optional<Time> last_received() const { return last_received_; }
  [[nodiscard]] std::uint64_t received() const { return lines_.received(); }

 private:
  io::LineAssembler lines_;
  std::vector<Line> complete_;  // kept for its memory
  std::optional<LineCounters> counters_;
  std::optional<Time> last_received_;
};

}  // namespace rig::console
