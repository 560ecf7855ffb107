// How often does it fail, when it failed x times in n trials? Exact bounds, whatever the size of
// the sample, and the size of the sample that a bound needs. Pure.
//
// Source of every bound here: C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial
// limits illustrated in the case of the binomial", Biometrika 26 (1934), in the form of beta
// quantiles: the lower bound is the 1-c quantile of Beta(x, n-x+1), the upper one the c quantile of
// Beta(x+1, n-x). They are never too narrow: the true rate lies inside with probability c or more.
// They hold for independent trials with one rate; cuts in different phases or on different boards
// are not that, so ask for each phase and each board as well.
#pragma once

#include <cstdint>
#include <optional>

namespace rig::statistics {

struct Sample {
  std::uint64_t failures{};
  std::uint64_t trials{};  // not less than failures
  bool operator==(const Sample&) const = default;
};

struct Interval {
  double low{};
  double high{};
};

// One-sided: the true rate is below (above) with at least this confidence, 0 < confidence < 1.
// Without trials nothing is known: 1 (0).
[[nodiscard]] double upper_bound(Sample sample, double confidence);
[[nodiscard]] double lower_bound(Sample sample, double confidence);
// Two-sided: half of what is left to chance on each side.
[[nodiscard]] Interval interval(Sample sample, double confidence);

// "The rate is at most `max_rate`, with this confidence." Both lie between 0 and 1, exclusive.
struct Demand {
  double max_rate{};
  double confidence{};
};

// The fewest trials with which so many failures satisfy the demand. Without failures that is
// ln(1-c) / ln(1-p), rounded up: 299 for 1 % at 95 %. Empty when it is more than 10^12.
[[nodiscard]] std::optional<std::uint64_t> trials_needed(std::uint64_t failures, Demand demand);
// How many more trials, if none of them fails. 0: the sample satisfies the demand.
[[nodiscard]] std::optional<std::uint64_t> trials_still_needed(Sample sample, Demand demand);

}  // namespace rig::statistics
