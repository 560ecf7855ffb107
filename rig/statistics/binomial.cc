#include "statistics/binomial.h"

#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "base/assert.h"

namespace rig::statistics {
namespace {

constexpr std::uint64_t kMostTrials = 1'000'000'000'000;

bool is_probability(double value) { return value > 0 && value < 1; }

// The chance of so few failures where the true rate is `rate`.
double chance_of_at_most(Sample sample, double rate) {
  if (sample.failures >= sample.trials) return 1;
  const auto x = static_cast<double>(sample.failures);
  const auto n = static_cast<double>(sample.trials);
  return boost::math::ibetac(x + 1, n - x, rate);
}

bool satisfies(Sample sample, Demand demand) {
  return chance_of_at_most(sample, demand.max_rate) <= 1 - demand.confidence;
}

}  // namespace

double upper_bound(Sample sample, double confidence) {
  RIG_ASSERT(is_probability(confidence) && sample.failures <= sample.trials);
  if (sample.failures == sample.trials) return 1;
  const auto n = static_cast<double>(sample.trials);
  if (sample.failures == 0) return -std::expm1(std::log1p(-confidence) / n);
  const auto x = static_cast<double>(sample.failures);
  return boost::math::ibeta_inv(x + 1, n - x, confidence);
}

double lower_bound(Sample sample, double confidence) {
  // What fails with this rate passes with the other one.
  return 1 - upper_bound({sample.trials - sample.failures, sample.trials}, confidence);
}

Interval interval(Sample sample, double confidence) {
  const double each_side = (1 + confidence) / 2;
  return {lower_bound(sample, each_side), upper_bound(sample, each_side)};
}

std::optional<std::uint64_t> trials_needed(std::uint64_t failures, Demand demand) {
  RIG_ASSERT(is_probability(demand.max_rate) && is_probability(demand.confidence));
  std::uint64_t too_few = failures;  // as many failures as trials prove nothing
  std::uint64_t enough = failures + 1;
  while (!satisfies({failures, enough}, demand)) {
    if (enough > kMostTrials) return std::nullopt;
    too_few = enough;
    enough *= 2;
  }
  while (enough - too_few > 1) {
    const std::uint64_t middle = too_few + (enough - too_few) / 2;
    (satisfies({failures, middle}, demand) ? enough : too_few) = middle;
  }
  return enough;
}

std::optional<std::uint64_t> trials_still_needed(Sample sample, Demand demand) {
  const auto needed = trials_needed(sample.failures, demand);
  if (!needed) return std::nullopt;
  return *needed > sample.trials ? *needed - sample.trials : 0;
}

}  // namespace rig::statistics
