// The contents of the SPI NOR behind the emcraft-sf2 machine, where the product's flash lives: the
// same offsets and sectors as on the STM32F205, but no NOR sector holds two flash sectors, so each
// of the four 16 KB sectors has a NOR block of 64 KB for itself (boards/emcraft-sf2/mirror.h).
#pragma once

#include <cstddef>

#include "base/bytes.h"

namespace rig::image {

inline constexpr std::size_t kNorSize = 16U << 20;

// Where the byte at this offset of the flash (below 1 MB) is in the NOR.
[[nodiscard]] std::size_t nor_offset(std::size_t flash_offset);

// `flash`: 1 MB. What no sector of it owns is erased.
[[nodiscard]] base::Bytes nor_image(base::ByteView flash);
// `nor`: kNorSize. The 1 MB of flash in it.
[[nodiscard]] base::Bytes flash_in_nor(base::ByteView nor);

}  // namespace rig::image
