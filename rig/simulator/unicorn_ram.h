// See unicorn_ram.cc.
#pragma once

#include <cstdint>

namespace rig::simulator {

inline constexpr std::uint32_t kSettledRam = 0x20000000;
inline constexpr std::uint32_t kSettledRamBytes = 128U << 10;

// Whether Unicorn's own function was found behind the replacement; the engine does not start
// without. (Calling this is also what links the replacement in.)
[[nodiscard]] bool ram_stores_are_fast();

}  // namespace rig::simulator
