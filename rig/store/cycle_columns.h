// A row of `cycles` as a value, for the readers of this folder.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/database.h"
#include "store/model.h"

namespace rig::store {

// What cycle_in() reads, of `cycles`.
inline constexpr const char* kCycleColumns =
    "id, campaign, cycle_index, plan, kind, started_unix_us, ended_unix_us, verdict, phase, "
    "cut_op, cut_address, cut_op_kind, torn, cut_at_us, recovery_us, host_us, "
    "link_profile, attempts ";

// Without its findings.
[[nodiscard]] Cycle cycle_in(Database& database, const Statement& row);
// Columns from `first`: verdict, holds, at_ns, text.
[[nodiscard]] record::Finding finding_in(Database& database, const Statement& row, int first);
// Columns from `first`: cut_op, cut_address, cut_op_kind, torn, cut_at_us.
[[nodiscard]] CutSpot spot_in(const Statement& row, int first);
[[nodiscard]] CycleKind kind_named(std::string_view name);

// "WHERE ..": the rows of `campaigns`, however that is quickest. Cycles of one night's campaigns
// lie among each other in the file; campaign by campaign every page of it would be read once for
// each. So it is all rows from the first to the last, those of others left out one by one; or by
// index, where that would be most of them.
[[nodiscard]] std::string where_quickest(Database& database, std::span<const CampaignId> campaigns);

}  // namespace rig::store
