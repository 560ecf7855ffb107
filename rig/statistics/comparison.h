// Is this worse than that, or could it be chance? Tests of two proportions, of a trend over
// several, and what many tests at once do to a p-value. Pure.
#pragma once

#include <span>
#include <vector>

#include "statistics/binomial.h"

namespace rig::statistics {

struct Pair {
  Sample before;
  Sample after;
};

// Fisher's exact test, two-sided: the chance, if both had the same rate, of a table that is no
// likelier than this one. R. A. Fisher, "The Design of Experiments" (1935); tables are compared by
// their probability (R's fisher.test does so, with the same tolerance of 10^-7). 1 where either
// side has no trials.
[[nodiscard]] double fisher_exact(const Pair& pair);

// Where the rate of `after` minus the rate of `before` lies: R. G. Newcombe, "Interval estimation
// for the difference between independent proportions", Statistics in Medicine 17 (1998), method 10:
// the Wilson score intervals of both, squared and added. -1..1 where either side has no trials.
[[nodiscard]] Interval difference(const Pair& pair, double confidence);

// S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
// Statistics 6 (1979): p-values of m tests made at once, raised so that all of them together err
// no more often than one test would. In the order of `p_values`.
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

struct TrendTest {
  double z{};  // above 0: the later, the more failures
  double p_value{1};
};

// Cochran-Armitage test for a linear trend, samples in order and equally far apart; two-sided,
// normal approximation. P. Armitage, "Tests for linear trends in proportions and frequencies",
// Biometrics 11 (1955). Nothing to say (p = 1) about fewer than three samples, or where all or none
// failed.
[[nodiscard]] TrendTest trend(std::span<const Sample> samples);
// The same at any places, in order of `samples`.
[[nodiscard]] TrendTest trend(std::span<const Sample> samples, std::span<const double> places);

}  // namespace rig::statistics
