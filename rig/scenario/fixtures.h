// SIM cards and link profiles from the fixtures folder.
#pragma once

#include <string_view>

#include "link/shaped_link.h"
#include "modem/sim_card.h"
#include "scenario/library.h"

namespace rig::scenario {

// Both throw base::UsageError: missing file (with the names there are), "file:line:column: ...", or
// a SIM card without an APN.
[[nodiscard]] modem::SimCard load_sim_card(const Library& library, std::string_view name);
[[nodiscard]] link::Profile load_link(const Library& library, std::string_view name);

}  // namespace rig::scenario
