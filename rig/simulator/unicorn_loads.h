// See unicorn_loads.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace rig::simulator {

class BlockPace;
class FlashMarks;
class FlashReads;

// An engine's flash, where its chip has it; a mirror of it is at zero.
struct SeenFlash {
  std::uint32_t start{};
  std::span<const std::uint8_t> memory{};
};

// Whom loads are told, null: nobody.
struct LoadListeners {
  FlashReads* reads{};
  FlashMarks* marks{};  // not empty: they say what is loaded
  bool raises_nmi{};    // for a word that is unreadable; otherwise the load is an invalid access
  BlockPace* pace{};    // stopped with it
};

// Loads from flash on this thread, until see_loads_no_more(): taken from `flash`. An engine either
// always runs so or never: Unicorn remembers which pages it may read without asking.
void see_loads(SeenFlash flash, LoadListeners to);
void see_loads_no_more();
// Where a load is sent that has to fault.
inline constexpr std::uint32_t kUnreadableLoad = 0xFFFFFF00;
// The address of the load that was refused, or that raised the NMI, since see_loads(); once.
[[nodiscard]] std::optional<std::uint32_t> take_unreadable();

// Whether Unicorn's own functions were found behind the replacements.
[[nodiscard]] bool loads_can_be_seen();
// Whether Unicorn may read the page at `address` without asking; it may not while loads are seen.
[[nodiscard]] bool hides_page(std::uint32_t address);

}  // namespace rig::simulator
