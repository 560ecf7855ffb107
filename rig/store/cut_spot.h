// Reads out of a timeline what the store keeps beside it in columns of its own.
#pragma once

#include <optional>

#include "record/event.h"
#include "store/model.h"

namespace rig::store {

// The first cut that landed: events rig/cut_landed and flash/torn.
[[nodiscard]] CutSpot cut_spot_of(const record::Timeline& timeline);

// From the first return of power behind the cut to the first observation "online" behind that.
[[nodiscard]] std::optional<base::Duration> recovery_of(const record::Timeline& timeline);

}  // namespace rig::store
