#include "power/power_domain.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/assert.h"

namespace rig::power {
namespace {

constexpr std::uint64_t kDuePercent = 90;

void require(bool holds, const std::string& name, const std::string& what) {
  if (!holds) throw base::UsageError("power domain " + name + ": " + what);
}

void check(const std::string& name, const std::vector<Leg>& legs, const DomainRules& rules) {
  require(!legs.empty(), name, "it needs at least one switch channel");
  std::set<ChannelKey> seen;
  for (const Leg& leg : legs) {
    require(seen.insert(leg.key).second, name,
            fmt::format("channel {} of {} is named twice", leg.key.channel.number,
                        leg.key.power_switch));
  }
  const Duration shortest =
      std::min({rules.shortest_off, rules.settle, rules.silence, rules.prove_within});
  require(shortest >= Duration::zero(), name, "times are never negative");
  require(rules.prove_within >= rules.silence, name,
          "the proof of off takes longer than it may (silence > prove_within)");
}

}  // namespace

Level coil_level(Wiring wiring, Level power) {
  const bool closed = wiring == Wiring::normally_closed;
  return closed == (power == Level::on) ? Level::off : Level::on;
}

bool Wear::due() const { return rated_cycles != 0 && cycles * 100 >= rated_cycles * kDuePercent; }

PowerDomain::PowerDomain(const std::string& name, std::vector<Leg> legs, DomainRules rules)
    : legs_(std::move(legs)), rules_(rules), done_(legs_.size()) {
  check(name, legs_, rules_);
}

std::vector<Wear> PowerDomain::wear() const {
  std::vector<Wear> all;
  for (const Leg& leg : legs_) all.push_back({leg.key, leg.cycles, leg.rated_cycles});
  return all;
}

std::vector<LegOrder> PowerDomain::order_all(Level power) {
  power_wanted_ = power;
  std::vector<LegOrder> orders;
  for (std::size_t i = 0; i < legs_.size(); ++i) {
    orders.push_back({.leg = i, .key = legs_[i].key, .level = coil_level(legs_[i].wiring, power)});
    done_[i].reset();
  }
  return orders;
}

std::vector<LegOrder> PowerDomain::cut() {
  RIG_ASSERT(state_ == State::on || state_ == State::settling);
  state_ = State::cutting;
  outcome_ = std::monostate{};
  sense_.reset();
  return order_all(Level::off);
}

std::optional<Moment> PowerDomain::earliest_restore() const {
  if (state_ != State::off && state_ != State::unproven) return {};
  return not_after_ + rules_.shortest_off;
}

std::vector<LegOrder> PowerDomain::restore(Moment now) {
  RIG_ASSERT(earliest_restore() && now >= *earliest_restore());
  state_ = State::restoring;
  outcome_ = std::monostate{};
  return order_all(Level::on);
}

std::vector<LegOrder> PowerDomain::make_safe() {
  state_ = State::securing;
  return order_all(Level::off);
}

void PowerDomain::leg_done(const LegOrder& order, const SwitchResult& result) {
  RIG_ASSERT(order.leg < legs_.size());
  if (const Failure* failure = result.failure()) return fail(order, *failure);
  const auto* switched = std::get_if<Switched>(&result.what);
  RIG_ASSERT(switched != nullptr);
  Leg& leg = legs_[order.leg];
  if (order.level == Level::on) ++leg.cycles;
  if (order.level != coil_level(leg.wiring, power_wanted_)) return;
  done_[order.leg] = *switched;
  if (all_done()) legs_obeyed();
}

bool PowerDomain::all_done() const {
  return std::ranges::all_of(done_, [](const auto& each) { return each.has_value(); });
}

void PowerDomain::fail(const LegOrder& order, const Failure& failure) {
  state_ = State::faulted;
  if (!std::holds_alternative<DomainFault>(outcome_))
    outcome_ = DomainFault{.order = order, .failure = failure};
}

void PowerDomain::legs_obeyed() {
  not_before_ = done_.front()->not_before;
  not_after_ = done_.front()->not_after;
  for (const auto& each : done_) {
    not_before_ = std::max(not_before_, each->not_before);
    not_after_ = std::max(not_after_, each->not_after);
  }
  if (state_ == State::cutting) state_ = State::proving;
  if (state_ == State::restoring) state_ = State::settling;
  if (state_ == State::securing) state_ = State::unproven;
}

void PowerDomain::console_spoke(Moment at) {
  if (last_byte_ && at <= *last_byte_) return;
  last_byte_ = at;
  retract(VoidReason::console_talks, at);
}

void PowerDomain::sensed(Level level, Moment at) {
  sense_ = level;
  sensed_at_ = at;
  if (level == Level::off) return;
  last_sensed_on_ = at;
  retract(VoidReason::sense_says_on, at);
}

// A board that shows life after it was proven to be off was not.
void PowerDomain::retract(VoidReason reason, Moment at) {
  if (state_ != State::off) return;
  state_ = State::unproven;
  outcome_ = VoidCut{.reason = reason, .last_sign_of_life = at};
}

Moment PowerDomain::silent_since() const {
  return std::max(not_after_, last_byte_.value_or(not_after_));
}

bool PowerDomain::proven(Moment now) const {
  const bool silent = now - silent_since() >= rules_.silence;
  // An "off" from before the last contact can have moved is no word on this cut.
  const bool sensed_off = sense_ == Level::off && sensed_at_ >= not_before_;
  return silent && (!rules_.has_sense || sensed_off);
}

VoidReason PowerDomain::missing(Moment now) const {
  if (now - silent_since() < rules_.silence) return VoidReason::console_talks;
  return sense_ ? VoidReason::sense_says_on : VoidReason::sense_is_mute;
}

void PowerDomain::advance(Moment now) {
  if (state_ == State::settling && now >= not_after_ + rules_.settle) state_ = State::on;
  if (state_ != State::proving) return;
  const Moment life = std::max(silent_since(), last_sensed_on_.value_or(not_after_));
  if (proven(now)) {
    state_ = State::off;
    outcome_ =
        ProvenCut{.not_before = not_before_, .not_after = not_after_, .last_sign_of_life = life};
  } else if (now >= not_after_ + rules_.prove_within) {
    state_ = State::unproven;
    outcome_ = VoidCut{.reason = missing(now), .last_sign_of_life = life};
  }
}

std::optional<Moment> PowerDomain::wake_time() const {
  if (state_ == State::settling) return not_after_ + rules_.settle;
  if (state_ != State::proving) return {};
  const Moment limit = not_after_ + rules_.prove_within;
  const bool sense_missing = rules_.has_sense && sense_ != Level::off;
  return sense_missing ? limit : std::min(limit, silent_since() + rules_.silence);
}

}  // namespace rig::power
