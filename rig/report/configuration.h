// Which campaigns of a report are one configuration, and their sums.
#pragma once

#include <vector>

#include "store/model.h"

namespace rig::report {

// True for campaigns of named boards that ran the same scenario with the same firmware. Without
// names of boards nobody can tell a second board from a second try: they stay apart.
[[nodiscard]] bool same_configuration(const store::Campaign& one, const store::Campaign& other);

// Adds a campaign of the same configuration.
void add_summary(store::CampaignSummary& sum, const store::CampaignSummary& more);

}  // namespace rig::report
