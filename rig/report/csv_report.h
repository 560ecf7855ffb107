// One line per cycle, RFC 4180, with a header line.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>

#include "store/store.h"

namespace rig::report {

constexpr std::uint64_t kLinesAtOnce = 200'000;  // some 60 MB

// Campaign by campaign, in order of index. Campaigns of at most `lines_at_once` cycles together are
// read together, and wait in memory; a larger one goes straight to the stream. Throws what the
// store throws; whether the stream took everything is for the caller to ask.
void write_csv(store::Store& store, std::span<const store::CampaignId> campaigns, std::ostream& out,
               std::uint64_t lines_at_once = kLinesAtOnce);

}  // namespace rig::report
