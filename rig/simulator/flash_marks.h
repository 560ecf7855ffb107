// What a loss of power in a flash operation can do besides leaving bits behind (torn models
// metastable, bad-ecc, neighbour, dropped of flash_op.h).
//
// Cells in no clear state are marks on words. They are part of what flash holds: they outlive any
// loss of power, and end when their sector is erased; programming a zero makes a metastable bit
// firm. The CPU's loads see them. Code and the DMA take a marked word for what it held before.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "simulator/flash_op.h"
#include "simulator/mcu_description.h"

namespace rig::simulator {

struct FlashMark {
  std::uint32_t word{};       // from the start of flash
  bool unreadable{};          // its ECC is wrong
  std::uint32_t undecided{};  // bits that each load reads as one or zero by chance
  std::uint32_t seed{};       // of that chance
  auto operator<=>(const FlashMark&) const = default;
};
using FlashMarkList = std::vector<FlashMark>;  // ascending by word, at most one for each

class FlashMarks {
 public:
  FlashMarks() = default;
  explicit FlashMarks(std::span<const FlashMark> marks) { add(marks); }

  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] const FlashMarkList& list() const { return list_; }
  // Later ones take the place of earlier ones.
  void add(std::span<const FlashMark> marks);
  void erased(std::uint32_t offset, std::uint32_t bytes);
  void programmed(std::uint32_t offset, std::uint32_t bytes, std::uint32_t value);
  [[nodiscard]] bool unreadable(std::uint32_t offset, std::uint32_t bytes) const;
  // What a load of these bytes gets where flash holds `stored`. The chance of the n-th load of a
  // marked word since power_on() follows from its seed and n.
  [[nodiscard]] std::uint64_t load(std::uint32_t offset, std::uint32_t bytes, std::uint64_t stored);
  void power_on() { loads_ = 0; }

 private:
  [[nodiscard]] const FlashMark* at(std::uint32_t word) const;

  FlashMarkList list_;
  std::uint64_t loads_{};
};

// Torn models that leave marks.
[[nodiscard]] constexpr bool leaves_marks(record::TornKind kind) {
  return kind == record::TornKind::metastable || kind == record::TornKind::bad_ecc;
}
// Torn models whose effect is not confined to the bytes of the operation in flight.
[[nodiscard]] constexpr bool reaches_beyond(record::TornKind kind) {
  return leaves_marks(kind) || kind == record::TornKind::neighbour ||
         kind == record::TornKind::dropped;
}
// Whether the part can do this in an operation of this kind; see FlashGeometry.
[[nodiscard]] bool is_possible(record::TornKind kind, bool erase, const FlashGeometry& flash);

// `flash`: all of it, as it was before the operation.
[[nodiscard]] FlashMarkList marks_left(const FlashOp& op, record::TornModel torn,
                                       const FlashGeometry& geometry, base::ByteView flash);
struct DisturbedByte {
  std::uint32_t offset{};
  std::uint8_t value{};
};
// Empty: the model disturbs nothing, or there is no bit that could change.
[[nodiscard]] std::optional<DisturbedByte> disturbed_byte(const FlashOp& op, record::TornModel torn,
                                                          const FlashGeometry& geometry,
                                                          base::ByteView flash);

}  // namespace rig::simulator
