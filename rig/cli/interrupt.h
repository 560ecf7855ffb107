// Ctrl-C and SIGTERM as a question instead of an interruption: while one of these lives, the
// signals are held back and pending() tells whether one has come; a second one ends the program at
// once. Finished cycles are kept, the rest is left.
#pragma once

namespace rig::cli {

class InterruptWatch {
 public:
  // Blocks the signals in this thread and in every thread started later; create it first.
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  [[nodiscard]] bool pending();

 private:
  int descriptor_;
  bool seen_ = false;
};

}  // namespace rig::cli
