// One line per cycle, RFC 4180, with a header line. Straight from the store to the stream: a night
// of a million cycles needs no more memory than one.
#pragma once

#include <iosfwd>
#include <span>

#include "store/store.h"

namespace rig::report {

// Throws what the store throws; whether the stream took everything is for the caller to ask.
void write_csv(store::Store& store, std::span<const store::CampaignId> campaigns,
               std::ostream& out);

}  // namespace rig::report
