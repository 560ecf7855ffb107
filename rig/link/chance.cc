#include "link/chance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rig::link {
namespace {

// Pareto with least value 1 and shape 3: quantile, mean and standard deviation in closed form.
constexpr double kParetoMean = 1.5;
const double kParetoDeviation = std::sqrt(0.75);
// Keeps a quantile finite.
constexpr double kNearlyOne = 1 - 1e-12;

double standard_pareto(double share) {
  return (std::pow(1 - share, -1.0 / 3) - kParetoMean) / kParetoDeviation;
}

// The share of a standard normal distribution below `gauss`.
double share_below(double gauss) {
  return std::min(0.5 * std::erfc(-gauss / std::numbers::sqrt2), kNearlyOne);
}

double from_table(const std::vector<double>& quantiles, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(quantiles.size()));
  return quantiles[std::min(at, quantiles.size() - 1)];
}

}  // namespace

bool LossChance::lost(const LossModel& model) {
  return std::visit([this](const auto& each) { return lost_by(each); }, model);
}

// The two-state chain whose long-run share of losses is `loss` and whose neighbours correlate so.
bool LossChance::lost_by(const CorrelatedLoss& model) {
  const double memory = last_lost_ ? model.correlation : 0;
  last_lost_ = random_.unit() < memory + (1 - model.correlation) * model.loss;
  return last_lost_;
}

bool LossChance::lost_by(const GilbertElliott& model) {
  const double draw = random_.unit();
  bad_ = bad_ ? draw >= model.leave : draw < model.enter;
  return random_.unit() < (bad_ ? model.loss_bad : model.loss_good);
}

bool LossChance::lost_by(const FourState& model) {
  const double draw = random_.unit();
  switch (state_) {
    case 2:
      state_ = draw < model.p23 ? 3 : 2;
      break;
    case 3:
      if (draw < model.p32) {
        state_ = 2;
      } else if (draw < model.p32 + model.p31) {
        state_ = 1;
      }
      break;
    case 4:
      state_ = 1;
      break;
    default:
      if (draw < model.p14) {
        state_ = 4;
      } else if (draw < model.p14 + model.p13) {
        state_ = 3;
      }
  }
  return state_ >= 3;
}

// Box and Muller, one of the pair: the same number of draws for every packet.
double DelayChance::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - random_.unit()));
  return radius * std::cos(2 * std::numbers::pi * random_.unit());
}

double DelayChance::scaled(double gauss, const JitterShape& shape) {
  switch (shape.spread) {
    case Spread::uniform:
      return share_below(gauss);
    case Spread::normal:
      return gauss;
    case Spread::pareto:
      return standard_pareto(share_below(gauss));
    case Spread::pareto_normal:
      // Independent parts: the sum is scaled back to a deviation of 1.
      return (0.75 * standard_pareto(share_below(gauss)) + 0.25 * normal()) / std::sqrt(0.625);
    case Spread::table:
      return from_table(shape.table, share_below(gauss));
  }
  return 0;
}

// The correlation is that of the normal numbers underneath, so that the distribution stays itself.
base::Duration DelayChance::deviation(base::Duration jitter, const JitterShape& shape) {
  const double fresh = normal();
  const double memory = begun_ ? shape.correlation : 0;
  last_ = memory * last_ + std::sqrt(1 - memory * memory) * fresh;
  begun_ = true;
  const double steps = static_cast<double>(jitter.count()) * scaled(last_, shape) /
                       static_cast<double>(kJitterStep.count());
  return kJitterStep * static_cast<std::int64_t>(std::llround(steps));
}

}  // namespace rig::link
