// From stored campaigns to the counts that decide() judges. What is not of the wanted firmware, or
// of an older build than the latest, or a cut that was made before, is left out and told.
#pragma once

#include "gate/evidence.h"
#include "gate/policy.h"
#include "gate/selection.h"
#include "store/store.h"
#include "store/tally.h"

namespace rig::gate {

// `selection.scenarios` is the policy's. Throws what select() throws.
[[nodiscard]] Evidence gather(store::Store& store, const Policy& policy, Selection selection);

// "user_app v1 -> v2, system 0.7.0": what a scenario provisions and updates to; empty when its text
// does not say.
[[nodiscard]] std::string pair_text(const std::string& scenario_yaml);

[[nodiscard]] Count count_in(const store::VerdictCounts& counts);
// What the cycles without a cut of one campaign say.
[[nodiscard]] Controls controls_in(const store::Tally& tally);

// In order of `campaigns`. Cuts that the simulated board made before, in another command, to the
// letter of the plan id, count once.
[[nodiscard]] std::vector<store::Tally> tallies_of(store::Store& store,
                                                   const std::vector<store::Campaign>& campaigns);

}  // namespace rig::gate
