// See unicorn_loads.cc.
#pragma once

#include <cstdint>
#include <span>

namespace rig::simulator {

class FlashReads;

// An engine's flash, where its chip has it; a mirror of it is at zero.
struct SeenFlash {
  std::uint32_t start{};
  std::span<const std::uint8_t> memory{};
};

// Loads from flash on this thread, until see_loads_no_more(): taken from `flash` and told to
// `reads` (null: to nobody). An engine either always runs so or never: Unicorn remembers which
// pages it may read without asking.
void see_loads(SeenFlash flash, FlashReads* reads);
void see_loads_no_more();

// Whether Unicorn's own functions were found behind the replacements.
[[nodiscard]] bool loads_can_be_seen();
// Whether Unicorn may read the page at `address` without asking; it may not while loads are seen.
[[nodiscard]] bool hides_page(std::uint32_t address);

}  // namespace rig::simulator
