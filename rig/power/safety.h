// Several switches at once, for callers who can wait: bringing boards to safety at the end, after a
// fault, and after a crash; switching a bench from the command line.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "power/intent_journal.h"
#include "power/worker.h"

namespace rig::power {

// The worker of a switch by its name on the bench; null when the bench no longer has it.
using FindWorker = std::function<Worker*(const std::string& power_switch)>;

struct Switching {
  Intent intent;
  SwitchResult result;
};

// All at the same time (one after another on one switch), each verified; returns when all have
// answered or `deadline` (and a little more) has passed.
[[nodiscard]] std::vector<Switching> switch_all(std::span<const Intent> intents,
                                                const FindWorker& find, Moment deadline);

// Brings what an earlier run left behind to its safe level and settles what obeyed. What did not is
// among the results, and stays in the journal for the next start.
[[nodiscard]] std::vector<Switching> make_safe(IntentJournal& journal, const FindWorker& find,
                                               Moment deadline);

// Leaves a channel safe when it dies, exceptions included; a fault on the way is swallowed, since
// the journal still holds the intent. `worker` must outlive it.
class PowerHold {
 public:
  // `safe` is what it leaves behind, within `limit`.
  PowerHold(Worker& worker, Change safe, Duration limit);
  PowerHold(const PowerHold&) = delete;
  PowerHold& operator=(const PowerHold&) = delete;
  ~PowerHold();

 private:
  Worker& worker_;
  Change safe_;
  Duration limit_;
};

}  // namespace rig::power
