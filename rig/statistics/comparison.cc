#include "statistics/comparison.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/assert.h"

namespace rig::statistics {
namespace {

// The tables with the margins of one, told apart by the failures of `before`.
struct Tables {
  std::uint64_t fewest{};
  std::uint64_t most{};
  double failures{};
  double before{};
  double after{};
};

Tables tables_of(const Pair& pair) {
  const std::uint64_t failures = pair.before.failures + pair.after.failures;
  const std::uint64_t after = pair.after.trials;
  return {.fewest = failures > after ? failures - after : 0,
          .most = std::min(failures, pair.before.trials),
          .failures = static_cast<double>(failures),
          .before = static_cast<double>(pair.before.trials),
          .after = static_cast<double>(after)};
}

// How much likelier the table with k + 1 is than the one with k.
double step_up(const Tables& tables, std::uint64_t k) {
  const auto x = static_cast<double>(k);
  return (tables.failures - x) * (tables.before - x) /
         ((x + 1) * (tables.after - tables.failures + x + 1));
}

// Probabilities relative to that of the likeliest table, so that none overflows; a table too
// unlikely to be told from zero is zero.
std::vector<double> relative_probabilities(const Tables& tables) {
  const double mode =
      std::floor((tables.failures + 1) * (tables.before + 1) / (tables.before + tables.after + 2));
  const auto top = std::clamp(static_cast<std::uint64_t>(mode), tables.fewest, tables.most);
  std::vector<double> relative(tables.most - tables.fewest + 1);
  const auto at = [&](std::uint64_t k) -> double& { return relative[k - tables.fewest]; };
  at(top) = 1;
  for (std::uint64_t k = top; k < tables.most; ++k) at(k + 1) = at(k) * step_up(tables, k);
  for (std::uint64_t k = top; k > tables.fewest; --k) at(k - 1) = at(k) / step_up(tables, k - 1);
  return relative;
}

double rate_of(Sample sample) {
  return static_cast<double>(sample.failures) / static_cast<double>(sample.trials);
}

// E. B. Wilson, JASA 22 (1927).
Interval wilson(Sample sample, double z) {
  const auto n = static_cast<double>(sample.trials);
  const double p = rate_of(sample);
  const double middle = p + z * z / (2 * n);
  const double spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (middle - spread) / scale), std::min(1.0, (middle + spread) / scale)};
}

// The two-sided tail of the standard normal distribution, and the z that leaves `confidence`
// inside.
double two_sided_tail(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

double normal_quantile_inside(double confidence) {
  double low = 0;
  double high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (two_sided_tail(middle) > 1 - confidence ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double fisher_exact(const Pair& pair) {
  if (pair.before.trials == 0 || pair.after.trials == 0) return 1;
  constexpr double kAsLikely = 1 + 1e-7;  // equal but for rounding
  const Tables tables = tables_of(pair);
  const std::vector<double> relative = relative_probabilities(tables);
  const double seen = relative[pair.before.failures - tables.fewest];
  double total = 0;
  double as_unlikely = 0;
  for (const double each : relative) {
    total += each;
    if (each <= seen * kAsLikely) as_unlikely += each;
  }
  return std::min(1.0, as_unlikely / total);
}

Interval difference(const Pair& pair, double confidence) {
  if (pair.before.trials == 0 || pair.after.trials == 0) return {-1, 1};
  const double z = normal_quantile_inside(confidence);
  const Interval before = wilson(pair.before, z);
  const Interval after = wilson(pair.after, z);
  const double p = rate_of(pair.before);
  const double q = rate_of(pair.after);
  return {q - p - std::hypot(q - after.low, before.high - p),
          q - p + std::hypot(after.high - q, p - before.low)};
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto left = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, left * p_values[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

TrendTest trend(std::span<const Sample> samples, std::span<const double> places) {
  RIG_ASSERT(samples.size() == places.size());
  double trials = 0;
  double failures = 0;
  double weighted = 0;  // sum of n t
  double squares = 0;   // sum of n t^2
  double failing = 0;   // sum of x t
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto n = static_cast<double>(samples[i].trials);
    const auto x = static_cast<double>(samples[i].failures);
    trials += n;
    failures += x;
    weighted += n * places[i];
    squares += n * places[i] * places[i];
    failing += x * places[i];
  }
  const double p = trials > 0 ? failures / trials : 0;
  const double variance = trials > 0 ? p * (1 - p) * (squares - weighted * weighted / trials) : 0;
  if (samples.size() < 3 || variance <= 0) return {};
  const double z = (failing - p * weighted) / std::sqrt(variance);
  return {z, two_sided_tail(z)};
}

TrendTest trend(std::span<const Sample> samples) {
  std::vector<double> places(samples.size());
  std::iota(places.begin(), places.end(), 0.0);
  return trend(samples, places);
}

}  // namespace rig::statistics
