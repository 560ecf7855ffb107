// The processor's clock while it runs, counted in bytes of code: before every basic block it takes
// a comparison and an addition. CpuClock is up to date only between surface() and dive(), around
// everything that looks at it.
//
// What a block costs follows from its size: kTimePerHalfWord.
#pragma once

#include <cstdint>
#include <utility>

#include "simulator/cpu.h"

namespace rig::simulator {

class BlockPace {
 public:
  // In a known layout, for the code that unicorn_blocks.cc generates.
  struct Counters {
    std::int64_t ahead{};   // bytes from `base_` to the end of the block in execution
    std::int64_t limit{};   // none begins so far ahead, or further
    std::int64_t cost{};    // bytes, of the block in execution
    std::uint32_t start{};  // its address
  };

  // `clock` must outlive the run; nothing is in execution.
  void begin(CpuClock& clock) {
    clock_ = &clock;
    clock.pending = {};
    dive();
  }
  // The next block may begin, as far as time goes and unless somebody wants the clock's attention.
  [[nodiscard]] bool goes_on() const { return block_.ahead < block_.limit; }
  // The next block begins.
  void enter(std::uint32_t start, std::uint32_t bytes) {
    block_.start = start;
    block_.cost = bytes;
    block_.ahead += bytes;
  }
  // It did not: time is where it would have begun.
  void leave() { block_.ahead -= std::exchange(block_.cost, 0); }
  void stop() {
    clock_->stop = true;
    block_.limit = 0;
  }
  // The block in execution.
  [[nodiscard]] std::uint32_t start() const { return block_.start; }
  [[nodiscard]] std::uint32_t bytes() const { return static_cast<std::uint32_t>(block_.cost); }
  [[nodiscard]] Counters& counters() { return block_; }

  // CpuClock becomes what it should be, with the block in execution pending.
  void surface() const {
    clock_->now = base_ + (block_.ahead - block_.cost) * kTimePerByte;
    clock_->pending = block_.cost * kTimePerByte;
  }
  // Takes over what became of it.
  void dive() {
    base_ = clock_->now;
    block_.cost = block_.ahead = clock_->pending / kTimePerByte;
    const base::Duration left = clock_->deadline - base_;
    const bool watched = clock_->stop || clock_->watch_masks;
    block_.limit =
        watched ? 0 : left / kTimePerByte + (left % kTimePerByte > base::Duration{} ? 1 : 0);
  }

 private:
  static constexpr base::Duration kTimePerByte = kTimePerHalfWord / 2;
  static_assert(kTimePerByte * 2 == kTimePerHalfWord);

  Counters block_;
  base::Instant base_{};
  CpuClock* clock_{};
};

}  // namespace rig::simulator
