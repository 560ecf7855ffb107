// What is going on right now, by a database that somebody else writes to: cheap questions that may
// be asked every second.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"

namespace rig::store {

// The campaigns of the latest night (or the latest single campaign), and those that are under way
// beside it, oldest first. A campaign whose process was killed counts as under way for a week.
[[nodiscard]] std::vector<Campaign> current_campaigns(Store& store, std::int64_t now_unix_us);

// Cuts alone, like CampaignSummary::cuts; answered from an index.
[[nodiscard]] VerdictCounts cut_counts(Store& store, CampaignId campaign);

struct OpenCycles {
  std::uint64_t count{};
  std::optional<Cycle> latest;  // begun last; a sweep begins all of its cycles at once
};
[[nodiscard]] OpenCycles open_cycles(Store& store, CampaignId campaign);

// The finished one of the highest index.
[[nodiscard]] std::optional<CycleId> last_finished(Store& store, CampaignId campaign);

// The cycles that ended last, latest first, with their findings.
[[nodiscard]] std::vector<Cycle> latest_verdicts(Store& store, std::size_t limit);

// Changes with every commit of another process.
[[nodiscard]] std::int64_t data_version(Store& store);

}  // namespace rig::store
