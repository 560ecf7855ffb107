// The proof that a trial took place, and where its stretches begin.
#pragma once

#include <string_view>

#include "record/facts.h"

namespace rig::record {

[[nodiscard]] Trial trial_of(const Contract& contract, const Timeline& timeline);

// "board", "modem", "board+modem" in a power event.
[[nodiscard]] Domains domains_in(std::string_view text);

}  // namespace rig::record
