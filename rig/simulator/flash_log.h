// Coalesces program operations into one event per run of ascending words. A run ends when the next
// operation is elsewhere, before any other flash event, at a loss of power, and after one second
// without an operation. Its event is stamped when the run ends.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "record/event.h"
#include "simulator/flash_op.h"

namespace rig::simulator {

class FlashLog {
 public:
  static constexpr base::Duration kLongestPause{std::chrono::seconds(1)};

  // Returns the event of the run that this operation ended, if it did.
  [[nodiscard]] std::optional<record::Event> program(const FlashOp& op);
  [[nodiscard]] std::optional<record::Event> flush(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> next_event() const;

 private:
  struct Run {
    std::uint32_t first{};
    std::uint32_t next{};
    base::Instant last{};
  };
  std::optional<Run> run_;
};

}  // namespace rig::simulator
