// A night from the command line's point of view: scenarios loaded and surveyed, boards gathered,
// run, booked, shown, summed up.
#pragma once

#include <string>
#include <vector>

#include "campaign/night.h"
#include "campaign/sim_boards.h"
#include "campaign/soak.h"
#include "cli/invocation.h"
#include "cli/soak_options.h"

namespace rig::cli {

class RealBench;

// A scenario whose control run without a cut fails has nothing to say about cuts.
struct LeftOut {
  std::string scenario;
  std::string why;
};

// Everything that the boards of a night refer to; must outlive them.
struct NightParts {
  campaign::Night night{};
  std::vector<campaign::NightScenario> trials{};  // as Night::entries
  std::vector<campaign::NightScenario> bad{};     // as Night::known_bad
  campaign::SimBenches trial_benches{};           // of those for the simulated board
  campaign::SimBenches bad_benches{};
  std::vector<LeftOut> left_out{};
};

// What the scenarios of a night are tried on before it begins.
struct Surveying {
  store::Store& store;
  const RealBench& real;
  bool on_sim;  // there are simulated boards
};

// Throws base::UsageError before anything has happened. With the same options, seed and firmware
// the night is the same. What was learned on real boards is found in `options.strata`, or put
// there.
[[nodiscard]] NightParts prepare_night(const Invocation& invocation, SoakOptions& options,
                                       std::uint64_t seed, const Surveying& surveying);

// The simulated boards sim-01 ..
[[nodiscard]] std::vector<campaign::SoakBoard> sim_boards(const NightParts& parts, unsigned count,
                                                          const store::SoakStart& soak);

// Those that a campaign has put into quarantine get nothing to do.
void respect_quarantine(store::Store& store, std::vector<campaign::SoakBoard>& boards);

// Throws base::UsageError when the night was begun with other firmware or another scenario text.
void require_same_night(store::Store& store, const NightParts& parts, const std::string& batch);

}  // namespace rig::cli
