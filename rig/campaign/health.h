// When a board has had its chances. Pure.
//
// A cycle that proves nothing because of the rig or of the board's own state is a strike:
// rig-fault, flaky-baseline, a device that was not fit for the update to begin with, and a cut that
// was carried out and that nothing proves (void; all that a welded relay shows). A cut that never
// came about because the update took another way is none. Anything that proves something, a device
// that fails included, wipes them out. Every cycle begins with a recovery: power taken and given,
// the flash planted anew, the device waited for. So the cycles behind a strike are the attempts to
// recover, after a growing rest; three in a row, and the board is out of the game.
#pragma once

#include <chrono>
#include <string>

#include "store/model.h"

namespace rig::campaign {

class Health {
 public:
  enum class Care : std::uint8_t { go_on, rest, quarantine };

  // `offered`: the cycle came as far as the update.
  [[nodiscard]] Care after(const store::CycleOutcome& outcome, bool offered);
  // Before the next attempt.
  [[nodiscard]] std::chrono::milliseconds rest() const;
  // Of the first strike in the row: what came later may only be its consequence.
  [[nodiscard]] const std::string& cause() const { return cause_; }
  // Strikes in a row.
  [[nodiscard]] int attempts() const { return attempts_; }

 private:
  int attempts_{0};
  std::string cause_;
};

}  // namespace rig::campaign
