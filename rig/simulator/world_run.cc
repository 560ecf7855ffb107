// The discrete-event loop: the processor runs up to the next event of anything else, then that
// event is processed, and so on.
#include <algorithm>

#include "base/assert.h"
#include "simulator/engine.h"
#include "simulator/world.h"

namespace rig::simulator {

base::Instant World::next_event(base::Instant until) const {
  auto first = until;
  const auto consider = [&first](std::optional<base::Instant> at) {
    first = at ? std::min(first, *at) : first;
  };
  consider(mcu_.next_event());
  consider(mcu_.next_modem_bytes());
  consider(around_.wake_time());
  consider(supervisor_.expiry());
  consider(supervisor_.restore());
  return std::max(first, clock_);
}

bool World::anything_due() const {
  const auto never = clock_ + base::Duration(1);
  return next_event(never) < never;
}

void World::process_supervisor() {
  if (supervisor_.expiry() && clock_ >= *supervisor_.expiry()) {
    supervisor_.expire(clock_);
    switch_power(supervisor_.domains(), false, " by watchdog");
  }
  if (supervisor_.restore() && clock_ >= *supervisor_.restore()) {
    const auto domains = supervisor_.domains();
    supervisor_.board_on(clock_);
    switch_power(domains, true, " by watchdog");
  }
}

void World::process_due() {
  const auto due = [this](std::optional<base::Instant> at) { return at && *at <= clock_; };
  // A part that always has something due at this very instant would stop time.
  for (int rounds = 0; rounds < 10'000; ++rounds) {
    process_supervisor();
    if (due(mcu_.next_modem_bytes())) {
      around_.host_bytes(mcu_.take_modem_bytes(clock_), clock_);
    }
    around_.advance(clock_);
    collect();
    if (due(mcu_.next_event())) {
      mcu_.advance(clock_);
      collect();
    }
    if (!anything_due()) {
      return;
    }
  }
  RIG_ASSERT(false);  // some part of the world is always due
}

// Time passes up to `until` while the processor is stalled or off.
void World::advance_idle(base::Instant until) {
  while (clock_ < until) {
    clock_ = next_event(until);
    process_due();
  }
}

void World::step(Engine& engine, base::Instant until, const FlashHook& hook) {
  const auto next = next_event(until);
  if (!mcu_.runnable() || mcu_.cpu_time() >= next) {
    clock_ = next;
    process_due();
    return;
  }
  mcu_.attach(engine);
  mcu_.run(engine, next, hook);
  // What the processor did may be due earlier than what it was given time for.
  const auto& op = mcu_.op_in_flight();
  clock_ = std::max(clock_, op ? op->start : std::min(mcu_.cpu_time(), next_event(next)));
  collect();
}

Pause World::run(Engine& engine, base::Instant until) {
  FlashHook hook;
  if (observer_.pointer != nullptr) {
    hook = [this](const FlashOp& op) {
      clock_ = std::max(clock_, op.start);
      observer_.pointer->at(op, *this);
    };
  }
  if (mcu_.powered()) {
    mcu_.attach(engine);
  }
  auto pause = Pause::until;
  while (true) {
    if (noteworthy_) {
      pause = Pause::events;
      break;
    }
    if (triggered()) {
      pause = Pause::trigger;
      break;
    }
    if (clock_ >= until) {
      break;
    }
    step(engine, until, hook);
  }
  mcu_.detach();
  return pause;
}

}  // namespace rig::simulator
