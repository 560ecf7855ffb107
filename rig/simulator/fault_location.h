// Finds the instruction that made a faulting access.
//
// Unicorn stops before the faulting load or store with exact registers, but with a PC that is still
// at the start of the basic block. So the block is walked: the first load (or store) whose address,
// computed from the registers, is the faulting one. Limits: register lists are matched by base
// register and range; an access that cannot be found gives the start of the block.
#pragma once

#include <cstdint>
#include <functional>

#include "simulator/cpu.h"

namespace rig::simulator {

enum class Access : std::uint8_t { load, store };
struct CodeBlock {
  std::uint32_t start{};
  std::uint32_t size{};  // bytes
};
struct FaultingAccess {
  Access access{};
  std::uint32_t address{};
};

[[nodiscard]] std::uint32_t fault_location(
    CodeBlock block, const CpuRegisters& registers, FaultingAccess fault,
    const std::function<std::uint16_t(std::uint32_t)>& half_word_at);

}  // namespace rig::simulator
