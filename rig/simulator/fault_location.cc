#include "simulator/fault_location.h"

#include <optional>

namespace rig::simulator {
namespace {

struct Range {
  Access access{};
  std::uint32_t first{};
  std::uint32_t bytes{4};
};

std::uint32_t value_of(const CpuRegisters& registers, unsigned number) {
  if (number < registers.r.size()) {
    return registers.r[number];
  }
  if (number == 13) {
    const bool process = (registers.xpsr & 0x1FF) == 0 && (registers.control & 2) != 0;
    return process ? registers.psp : registers.msp;
  }
  return registers.lr;
}

// 16-bit encodings, ARMv7-M ARM A5.2.4 and A5.2.5.
std::optional<Range> narrow(std::uint16_t code, const CpuRegisters& registers) {
  const auto base = value_of(registers, (code >> 3) & 7);
  const auto list_bytes =
      4U * static_cast<std::uint32_t>(__builtin_popcount(code & 0x1FF));  // PUSH, POP: with LR, PC
  const unsigned immediate = (code >> 6) & 31;
  switch (code >> 12) {
    case 0x5: {
      const auto index = value_of(registers, (code >> 6) & 7);
      const bool store = ((code >> 9) & 7) < 3;
      return Range{store ? Access::store : Access::load, base + index};
    }
    case 0x6:
      return Range{(code & 0x800) != 0 ? Access::load : Access::store, base + immediate * 4};
    case 0x7:
      return Range{(code & 0x800) != 0 ? Access::load : Access::store, base + immediate};
    case 0x8:
      return Range{(code & 0x800) != 0 ? Access::load : Access::store, base + immediate * 2};
    case 0x9:
      return Range{(code & 0x800) != 0 ? Access::load : Access::store,
                   value_of(registers, 13) + (code & 0xFFU) * 4};
    case 0xB:
      if ((code & 0xFE00) == 0xB400) {
        return Range{Access::store, value_of(registers, 13) - list_bytes, list_bytes};
      }
      if ((code & 0xFE00) == 0xBC00) {
        return Range{Access::load, value_of(registers, 13), list_bytes};
      }
      return std::nullopt;
    case 0xC:
      return Range{(code & 0x800) != 0 ? Access::load : Access::store,
                   value_of(registers, (code >> 8) & 7), 32};
    default:
      return std::nullopt;
  }
}

// 32-bit loads and stores, ARMv7-M ARM A5.3.5 to A5.3.10.
std::optional<Range> wide(std::uint16_t code, std::uint16_t next, const CpuRegisters& registers) {
  const auto base = value_of(registers, code & 15);
  const auto access = (code & 0x10) != 0 ? Access::load : Access::store;
  if ((code & 0xFE00) == 0xE800) {  // multiple, dual, exclusive
    const bool dual = (code & 0x40) != 0;
    const bool before = (code & 0x100) != 0;
    const std::uint32_t offset = dual && before ? (next & 0xFFU) * 4 : 0;
    const bool up = (code & 0x80) != 0;
    const std::uint32_t bytes = dual ? 8 : 64;
    const bool down_list = !dual && before;
    const auto first = down_list ? base - bytes : up || !dual ? base + offset : base - offset;
    return Range{access, first, bytes};
  }
  if ((code & 0xFE00) != 0xF800) {
    return std::nullopt;
  }
  if ((code & 0x80) != 0) {
    return Range{access, base + (next & 0xFFFU)};
  }
  if ((next & 0x800) == 0) {
    return Range{access, base + (value_of(registers, next & 15) << ((next >> 4) & 3))};
  }
  const bool indexed = (next & 0x400) != 0;
  const std::uint32_t offset = indexed ? next & 0xFFU : 0;
  return Range{access, (next & 0x200) != 0 ? base + offset : base - offset};
}

}  // namespace

std::uint32_t fault_location(CodeBlock block, const CpuRegisters& registers, FaultingAccess fault,
                             const std::function<std::uint16_t(std::uint32_t)>& half_word_at) {
  for (std::uint32_t at = block.start; at < block.start + block.size;) {
    const auto code = half_word_at(at);
    const bool is_wide = (code >> 11) >= 0x1D;
    const auto range =
        is_wide ? wide(code, half_word_at(at + 2), registers) : narrow(code, registers);
    if (range && range->access == fault.access && fault.address - range->first < range->bytes) {
      return at;
    }
    at += is_wide ? 4 : 2;
  }
  return block.start;
}

}  // namespace rig::simulator
