// The processor's clock while it runs, counted in bytes of code: before every basic block it takes
// a comparison and an addition. CpuClock is up to date only between surface() and dive(), around
// everything that looks at it.
//
// What a block costs follows from its size: kTimePerHalfWord.
#pragma once

#include <cstdint>

#include "simulator/cpu.h"

namespace rig::simulator {

class BlockPace {
 public:
  // `clock` must outlive the run; nothing is in execution.
  void begin(CpuClock& clock) {
    clock_ = &clock;
    clock.pending = {};
    dive();
  }
  // The next block may begin, as far as time goes and unless somebody wants the clock's attention.
  [[nodiscard]] bool goes_on() const { return ahead_ < limit_; }
  // The next block begins.
  void enter(std::uint32_t bytes) {
    cost_ = bytes;
    ahead_ += bytes;
  }
  void stop() {
    clock_->stop = true;
    limit_ = 0;
  }

  // CpuClock becomes what it should be, with the block in execution pending.
  void surface() const {
    clock_->now = base_ + (ahead_ - cost_) * kTimePerByte;
    clock_->pending = cost_ * kTimePerByte;
  }
  // Takes over what became of it.
  void dive() {
    base_ = clock_->now;
    cost_ = ahead_ = clock_->pending / kTimePerByte;
    const base::Duration left = clock_->deadline - base_;
    const bool watched = clock_->stop || clock_->watch_masks;
    limit_ = watched ? 0 : left / kTimePerByte + (left % kTimePerByte > base::Duration{} ? 1 : 0);
  }

 private:
  static constexpr base::Duration kTimePerByte = kTimePerHalfWord / 2;
  static_assert(kTimePerByte * 2 == kTimePerHalfWord);

  std::int64_t ahead_{};  // bytes from `base_` to the end of the block in execution
  std::int64_t limit_{};  // none begins so far ahead, or further
  std::int64_t cost_{};   // of the block in execution
  base::Instant base_{};
  CpuClock* clock_{};
};

}  // namespace rig::simulator
