#include "power/order_runner.h"

#include <algorithm>

#include "power/clock.h"

namespace rig::power {
namespace {

// The set order in it that waits for its verification; null for any other, and for a failed one.
const SetOrder* to_verify(const Order& order, const SwitchResult& result) {
  const auto* set = std::get_if<SetOrder>(&order.what);
  return set != nullptr && set->verify && result.failure() == nullptr ? set : nullptr;
}

// The latest deadline among the orders that wait for a reading; empty when none does.
std::optional<Moment> reading_deadline(std::span<const Order> orders,
                                       std::span<const SwitchResult> results) {
  std::optional<Moment> latest;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (to_verify(orders[i], results[i]) == nullptr) continue;
    latest = std::max(latest.value_or(orders[i].deadline), orders[i].deadline);
  }
  return latest;
}

// What was commanded, the last word for each channel. A failed command leaves its channel anywhere:
// whatever it reads is as wanted.
std::vector<Change> commanded(std::span<const Order> orders, std::span<const SwitchResult> results,
                              Levels after) {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto* set = std::get_if<SetOrder>(&orders[i].what);
    if (set == nullptr) continue;
    changes.push_back(set->change);
    if (results[i].failure() != nullptr) changes.back().level = after.at(set->change.channel);
  }
  return changes;
}

}  // namespace

Failure failure_of(const SwitchError& error) {
  return {.fault = error.fault(),
          .what = error.what(),
          .may_have_switched = may_have_switched(error.fault())};
}

std::vector<SwitchResult> OrderRunner::carry_out(std::span<const Order> orders) {
  std::vector<SwitchResult> results;
  results.reserve(orders.size());
  for (const Order& order : orders) results.push_back(carry_out_one(order));
  verify(orders, results);
  const bool failed = std::ranges::any_of(
      results, [](const SwitchResult& result) { return result.failure() != nullptr; });
  if (failed) {
    power_.reset();
    known_.reset();
  }
  return results;
}

SwitchResult OrderRunner::carry_out_one(const Order& order) {
  SwitchResult result{.not_before = now(), .not_after = {}, .what = {}};
  result.what = attempt(order);
  result.not_after = now();
  if (const auto* switched = std::get_if<Switched>(&result.what)) {
    result.not_before = switched->not_before;
    result.not_after = switched->not_after;
  }
  return result;
}

OrderRunner::What OrderRunner::attempt(const Order& order) {
  try {
    if (now() >= order.deadline) {
      throw SwitchError(Fault::busy, "begin in time", "earlier orders took until the deadline");
    }
    if (!power_) power_ = open_(order.deadline);
    return std::visit([&](const auto& what) { return act(what, order.deadline); }, order.what);
  } catch (const SwitchError& error) {
    return failure_of(error);
  } catch (const base::UsageError& error) {
    return Failure{.fault = {}, .what = error.what(), .may_have_switched = false};
  } catch (const std::exception& error) {
    return Failure{.fault = Fault::failed, .what = error.what()};
  }
}

OrderRunner::What OrderRunner::act(const SetOrder& order, Moment deadline) {
  return power_->set(order.change.channel, order.change.level, deadline);
}

OrderRunner::What OrderRunner::act(const ReadOrder& /*order*/, Moment deadline) {
  known_ = power_->read_back(deadline);
  return known_;
}

OrderRunner::What OrderRunner::act(const CallOrder& order, Moment deadline) {
  known_.reset();
  return order.call(*power_, deadline);
}

void OrderRunner::verify(std::span<const Order> orders, std::span<SwitchResult> results) {
  const auto deadline = reading_deadline(orders, results);
  if (!deadline) return;
  try {
    const auto after = power_->read_back(*deadline);
    if (after) judge(orders, results, *after);
    known_ = after;
  } catch (const SwitchError& error) {
    for (std::size_t i = 0; i < orders.size(); ++i) {
      if (to_verify(orders[i], results[i]) != nullptr) results[i].what = failure_of(error);
    }
  }
}

void OrderRunner::judge(std::span<const Order> orders, std::span<SwitchResult> results,
                        Levels after) {
  const std::vector<Change> changes = commanded(orders, results, after);
  Levels wanted = known_.value_or(after);
  const auto mismatch = compare(wanted, after, changes);
  if (!mismatch) return;
  for (const Change& each : changes) wanted.put(each.channel, each.level);
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const SetOrder* set = to_verify(orders[i], results[i]);
    if (set == nullptr) continue;
    const Channel channel = set->change.channel;
    if (*mismatch == Mismatch::stuck && after.at(channel) == wanted.at(channel)) continue;
    results[i].what =
        failure_of(mismatch_error(*mismatch, set->change, after, power_->traits().name));
  }
}

}  // namespace rig::power
