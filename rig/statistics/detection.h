// What would the cuts have found? The chance that a defect which shows only in a short window of
// time was hit at all. Zero failures say nothing about a window that no cut fell into. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/time.h"

namespace rig::statistics {

// Instants of cuts on one clock, ascending.
using CutTimes = std::span<const std::int64_t>;  // microseconds

// A window of this width lies somewhere between the first and the last cut, each place as likely as
// any other: the share of places in which at least one of the cuts falls into it. Counted, not
// modelled: neighbouring cuts that overlap count once, and a gap that no cut reached counts as
// missed. 0 for fewer than two cuts; 1 when the window is wider than what was cut.
[[nodiscard]] double chance_of_hit(CutTimes cuts, base::Duration window);

// How many cuts, spread evenly at random over `span`, hit a window of this width with this
// probability: ln(1-q) / ln(1-w/T), rounded up (each cut misses with 1-w/T). 1 when the window is
// as wide as the span; empty when it has no width.
struct Stretch {
  base::Duration window{};
  base::Duration span{};
};
[[nodiscard]] std::optional<std::uint64_t> cuts_for_hit(Stretch stretch, double probability);

}  // namespace rig::statistics
