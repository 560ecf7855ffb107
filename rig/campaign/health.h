// When a board has had its chances. Pure.
//
// A cycle that proves nothing because of the rig or of the board's own state (rig-fault,
// flaky-baseline) is a strike of two; a cut that was carried out and that nothing proves (void) one
// of one: a welded relay shows as nothing else. A cut that never came about is none. Anything that
// proves something, a device that fails included, wipes them out.
// Every cycle begins with a recovery: power taken and given, the flash planted anew, the device
// waited for. So the cycles behind a strike are the attempts to recover, after a growing rest; a
// board that collects six is out of the game.
#pragma once

#include <chrono>
#include <string>

#include "store/model.h"

namespace rig::campaign {

class Health {
 public:
  enum class Care : std::uint8_t { go_on, rest, quarantine };

  [[nodiscard]] Care after(const store::CycleOutcome& outcome);
  // Before the next attempt.
  [[nodiscard]] std::chrono::milliseconds rest() const;
  // Of the first strike in the row: what came later may only be its consequence.
  [[nodiscard]] const std::string& cause() const { return cause_; }
  [[nodiscard]] int attempts() const { return attempts_; }

 private:
  int strikes_{0};
  int attempts_{0};
  std::string cause_;
};

}  // namespace rig::campaign
