// Where the cuts of a configuration landed, and what became of them: marks of a map, stretches of
// phases, and survival by position. Pure; from rows in any order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "store/cycle_rows.h"

namespace rig::report {

// Above this many cuts, cuts of one verdict that would fall onto each other become one mark.
inline constexpr std::size_t kLargestMarks = 5'000;

struct Mark {
  store::CycleRow cut;  // the first of them
  std::uint64_t cuts{1};
};

// In order of time. A verdict is never merged into another: one failing cut among thousands stays
// visible.
[[nodiscard]] std::vector<Mark> marks_of(std::span<const store::CycleRow> rows);

// A stretch of the update in one phase, by the cuts that landed in it.
struct Band {
  std::uint16_t phase{};
  std::int64_t from_us{};
  std::int64_t to_us{};
  std::uint64_t from_op{};  // 0: no cut of this band hit a flash operation
  std::uint64_t to_op{};
};

// In order of time, not more than kLargestBands: where boards or links let phases overlap, the
// phase of most cuts stands for a stretch.
inline constexpr std::size_t kLargestBands = 60;
[[nodiscard]] std::vector<Band> bands_of(std::span<const store::CycleRow> rows);

// Cuts of neighbouring positions within one phase.
struct SurvivalBin {
  std::uint16_t phase{};
  std::int64_t from_us{};
  std::int64_t to_us{};
  std::uint64_t from_op{};  // as of a band
  std::uint64_t to_op{};
  std::uint64_t trials{};  // void cuts and rig faults are none
  std::uint64_t failed{};
};

// In order of time; where phases overlap, phases in order of their median cut. A bin holds about
// trials / 40 cuts, at least 20 where its phase has as many; no bin holds cuts of two phases.
[[nodiscard]] std::vector<SurvivalBin> survival_of(std::span<const store::CycleRow> rows);

// The chance that a defect which shows only within a window of this width was hit at all.
struct Hit {
  base::Duration window{};
  double chance{};
};
// For windows of 0.1, 1, 10 and 100 ms; empty for fewer than two cuts that are trials.
[[nodiscard]] std::vector<Hit> hits_of(std::span<const store::CycleRow> rows);

}  // namespace rig::report
