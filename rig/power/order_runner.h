// Carries out orders on one switch, opened when needed: the blocking half of a Worker. One thread.
//
// It remembers what the hardware last said, to notice when another channel than the commanded one
// changes; never to answer with it.
#pragma once

#include <span>
#include <vector>

#include "power/order.h"

namespace rig::power {

[[nodiscard]] Failure failure_of(const SwitchError& error);

class OrderRunner {
 public:
  explicit OrderRunner(OpenSwitch open) : open_(std::move(open)) {}

  // One result for each order. All sets come first, then one reading that verifies them together.
  // After any failure the switch is closed.
  [[nodiscard]] std::vector<SwitchResult> carry_out(std::span<const Order> orders);

 private:
  using What = decltype(SwitchResult::what);

  [[nodiscard]] SwitchResult carry_out_one(const Order& order);
  [[nodiscard]] What attempt(const Order& order);
  [[nodiscard]] What act(const SetOrder& order, Moment deadline);
  [[nodiscard]] What act(const ReadOrder& order, Moment deadline);
  [[nodiscard]] What act(const CallOrder& order, Moment deadline);
  void verify(std::span<const Order> orders, std::span<SwitchResult> results);
  void judge(std::span<const Order> orders, std::span<SwitchResult> results, Levels after);

  OpenSwitch open_;
  std::unique_ptr<PowerSwitch> power_;
  std::optional<Levels> known_;
};

}  // namespace rig::power
