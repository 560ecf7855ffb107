// When an impairment is in force: in one phase of the update, while certain bytes pass, during a
// time, in a rhythm, or any of these together. Pure: whoever asks says what is the case.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/network.h"
#include "base/time.h"

namespace rig::link {

// What is the case.
struct Conditions {
  base::Instant now{};
  std::string phase{};         // as the timeline calls it; empty before the first one
  std::uint64_t up_bytes{};    // wire bytes delivered since count_from_here(), as for `bytes` cuts
  std::uint64_t down_bytes{};  // the same, towards the device
};

// Everything must hold; what is left at its default always does. Ranges are half open.
struct Window {
  base::Instant from{};
  base::Instant until{base::Instant::max()};
  std::string phase{};
  base::Direction counted{base::Direction::down};  // whose bytes the next two are about
  std::uint64_t bytes_from{0};
  std::uint64_t bytes_until{std::numeric_limits<std::uint64_t>::max()};
  // From `from` on: in force for `on`, not for `off`, in force for `on`... Both zero: no rhythm.
  base::Duration on{};
  base::Duration off{};

  bool operator==(const Window&) const = default;
};

// The rhythm apart: the span in which it beats.
[[nodiscard]] bool is_open(const Window& window, const Conditions& is);
// In force at this instant.
[[nodiscard]] bool holds(const Window& window, const Conditions& is);
// The next instant at which is_open() may change by itself; empty: never.
[[nodiscard]] std::optional<base::Instant> next_edge(const Window& window, base::Instant now);
// The same of holds().
[[nodiscard]] std::optional<base::Instant> next_beat(const Window& window, base::Instant now);

}  // namespace rig::link
