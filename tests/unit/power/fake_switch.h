// A power switch in memory whose behaviour a test writes down, and a gate to hold it up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {

class Gate {
 public:
  void shut() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.wait(lock, [this] { return open_; });
    waiting_ = false;
  }
  [[nodiscard]] bool waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool open_{true};
  bool waiting_{false};
};

// What stays when the switch is closed and opened again.
struct FakePlant {
  std::atomic<std::uint64_t> bits{0};
  std::atomic<int> openings{0};
  std::atomic<int> sets{0};
  std::atomic<bool> stuck{false};
  std::atomic<bool> gone{false};
  Gate gate;
};

class FakeSwitch final : public PowerSwitch {
 public:
  explicit FakeSwitch(FakePlant& plant) : plant_(plant) {
    ++plant_.openings;
    check_plugged();
  }

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }

  [[nodiscard]] Switched set(Channel channel, Level level, Moment /*deadline*/) override {
    check_channel(traits_, channel);
    const Moment begin = now();
    plant_.gate.pass();
    check_plugged();
    ++plant_.sets;
    Levels levels(plant_.bits);
    levels.put(channel, level);
    if (!plant_.stuck) plant_.bits = levels.bits();
    return {.not_before = begin, .not_after = now()};
  }
  [[nodiscard]] std::optional<Levels> read_back(Moment /*deadline*/) override {
    check_plugged();
    return Levels(plant_.bits);
  }

 private:
  void check_plugged() const {
    if (plant_.gone) throw SwitchError(Fault::vanished, "use the fake switch");
  }

  FakePlant& plant_;
  SwitchTraits traits_{.name = "fake switch", .channels = 4, .reads_back = true};
};

}  // namespace rig::power
