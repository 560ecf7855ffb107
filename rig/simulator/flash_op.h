// One operation of the flash array as the rest of the rig sees it, and what a power loss in its
// middle leaves behind.
//
// Torn models (record/cut_plan.h), word = the 1, 2 or 4 bytes of a program operation:
//
//   kind             program                                erase                       cut instant
//   old              as before                              as before                   start
//   new              programmed                             all ones                    end
//   prefix.k         the low k half words (of 2) programmed first k permille all ones   start +
//   k/2, k/1000 partial-bits.s   each bit to clear: cleared with p=1/2  each bit to set: p=1/2
//   middle one-bit.s        one of the bits to clear is cleared    one bit is set middle
//   all-but-one.s    all but one of them are cleared        all but one are set         middle
//   partial-erase.k  as before                              first k permille all ones   start +
//   k/1000
//   metastable.s, bad-ecc, neighbour.s: as before, and flash_marks.h                    middle
//   dropped          programmed                             all ones                    end
//
// s seeds the choice. Where nothing had to change, nothing changes. An erased prefix ends at a
// word.
#pragma once

#include <cstdint>
#include <span>

#include "base/time.h"
#include "record/cut_plan.h"

namespace rig::simulator {

struct FlashOp {
  std::uint64_t index{};    // 1.. since count_from_here()
  std::uint32_t address{};  // absolute
  std::uint32_t bytes{};
  bool erase{false};
  std::uint32_t value{};  // program: the data
  base::Instant start{};
  base::Instant end{};
};

// `memory`: the operation's bytes as they were before; changed to what the cut leaves.
void tear(const FlashOp& op, record::TornModel torn, std::span<std::uint8_t> memory);
// How far into the operation the power goes.
[[nodiscard]] base::Instant cut_instant(const FlashOp& op, record::TornModel torn);
// The model for a cut that was timed by something else: as much as was done by `now`.
[[nodiscard]] record::TornModel elapsed_model(const FlashOp& op, base::Instant now);

}  // namespace rig::simulator
