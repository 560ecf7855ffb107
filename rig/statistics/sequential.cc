#include "statistics/sequential.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "base/assert.h"

namespace rig::statistics {
namespace {

bool is_sound(const SequentialPlan& plan) {
  const bool rates = plan.good > 0 && plan.good < plan.bad && plan.bad < 1;
  const bool errors = plan.alpha > 0 && plan.alpha < 0.5 && plan.beta > 0 && plan.beta < 0.5;
  return rates && errors && plan.most > 0;
}

double log_ratio(const SequentialPlan& plan, Sample sample) {
  const auto failed = static_cast<double>(sample.failures);
  const auto passed = static_cast<double>(sample.trials - sample.failures);
  return failed * std::log(plan.bad / plan.good) +
         passed * (std::log1p(-plan.bad) - std::log1p(-plan.good));
}

Standing standing_at(const SequentialPlan& plan, Sample sample) {
  const double ratio = log_ratio(plan, sample);
  if (ratio >= std::log((1 - plan.beta) / plan.alpha)) return Standing::rejected;
  if (ratio <= std::log(plan.beta / (1 - plan.alpha))) return Standing::accepted;
  if (sample.trials < plan.most) return Standing::undecided;
  return ratio <= 0 ? Standing::accepted : Standing::rejected;
}

}  // namespace

Sprt::Sprt(const SequentialPlan& plan) : plan_(plan) { RIG_ASSERT(is_sound(plan)); }

Standing Sprt::judge(Sample sample) const { return standing_at(plan_, sample); }

Standing Sprt::feed(bool failed) {
  if (standing_ != Standing::undecided) return standing_;
  ++seen_.trials;
  if (failed) ++seen_.failures;
  standing_ = judge(seen_);
  SequentialPlan endless = plan_;
  endless.most = plan_.most + 1;
  truncated_ =
      standing_ != Standing::undecided && standing_at(endless, seen_) == Standing::undecided;
  return standing_;
}

std::uint64_t Sprt::trials_to_accept() const {
  if (standing_ != Standing::undecided) return 0;
  std::uint64_t more = 0;
  Sample ahead = seen_;
  while (judge(ahead) == Standing::undecided) {
    ++ahead.trials;
    ++more;
  }
  return more;
}

Characteristics characteristics(const SequentialPlan& plan, double rate) {
  RIG_ASSERT(is_sound(plan) && rate >= 0 && rate <= 1);
  Characteristics found;
  std::vector<double> undecided{1};  // by failures: the chance to be here and not to know yet
  for (std::uint64_t n = 1; n <= plan.most && !undecided.empty(); ++n) {
    found.trials_expected += std::accumulate(undecided.begin(), undecided.end(), 0.0);
    std::vector<double> next(undecided.size() + 1);
    for (std::size_t x = 0; x < undecided.size(); ++x) {
      next[x] += undecided[x] * (1 - rate);
      next[x + 1] += undecided[x] * rate;
    }
    for (std::size_t x = 0; x < next.size(); ++x) {
      const Standing standing = standing_at(plan, {x, n});
      if (standing == Standing::undecided) continue;
      (standing == Standing::accepted ? found.accepted : found.rejected) += next[x];
      next[x] = 0;
    }
    while (!next.empty() && next.back() == 0) next.pop_back();
    undecided = std::move(next);
  }
  return found;
}

}  // namespace rig::statistics
