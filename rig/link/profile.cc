#include "link/profile.h"

#include <algorithm>

#include "base/assert.h"

namespace rig::link {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

bool is_share(double value) { return value >= 0 && value <= 1; }

void check(const Path& path) {
  RIG_ASSERT(path.rate_bps == 0 || (path.rate_bps >= 0.001 && path.rate_bps <= 1e12));
  RIG_ASSERT(path.delay >= base::Duration::zero() && path.jitter >= base::Duration::zero());
  RIG_ASSERT(path.loss >= 0 && path.loss <= 1);
  if (const auto* states = std::get_if<FourState>(&path.loss_model)) {
    RIG_ASSERT(states->p13 == 0 || states->p31 > 0);  // or a burst would never end
    RIG_ASSERT(states->p32 == 0 || states->p23 > 0);
  }
  RIG_ASSERT(is_share(path.jitter_shape.correlation) && is_share(mean_loss(path.loss_model)));
  RIG_ASSERT(path.jitter_shape.spread != Spread::table || !path.jitter_shape.table.empty());
  RIG_ASSERT(path.trace.empty() || path.trace.period_ms() > 0);
  RIG_ASSERT(path.mtu == 0 || path.mtu >= 68);
}

}  // namespace

std::uint64_t Framing::line_bytes(std::uint64_t wire_bytes) const {
  const std::uint64_t bytes = wire_bytes + overhead_bytes;
  if (cell_bytes == 0) return bytes;
  return (bytes + cell_bytes - 1) / cell_bytes * (cell_bytes + cell_overhead_bytes);
}

double mean_loss(const LossModel& model) {
  return std::visit(
      Overloaded{[](const std::monostate&) { return 0.0; },
                 [](const CorrelatedLoss& is) { return is.loss; },
                 [](const GilbertElliott& is) {
                   const double moves = is.enter + is.leave;
                   return moves == 0 ? is.loss_good
                                     : (is.leave * is.loss_good + is.enter * is.loss_bad) / moves;
                 },
                 // Flow between {1, 4} and {2, 3}, and between 2 and 3, is the same either way.
                 [](const FourState& is) {
                   const double bursts = is.p13 > 0 ? is.p13 / is.p31 : 0;
                   const double good_in_bursts = is.p23 > 0 ? is.p32 / is.p23 : 0;
                   const double lost = is.p14 + bursts;
                   return lost / (1 + is.p14 + bursts * (1 + good_in_bursts));
                 }},
      model);
}

bool concerns_names(const Profile& profile) {
  return std::ranges::any_of(profile.impairments, [](const Impairment& each) {
    return std::holds_alternative<Names>(each.effect) || each.which.port == base::kDnsPort;
  });
}

void check(const Profile& profile) {
  check(profile.up);
  check(profile.down);
  for (const Impairment& each : profile.impairments) {
    RIG_ASSERT(is_share(each.pick.chance));
    if (const auto* replace = std::get_if<Replace>(&each.effect)) {
      if (replace->up) check(*replace->up);
      if (replace->down) check(*replace->down);
    }
  }
}

}  // namespace rig::link
