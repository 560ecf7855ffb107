// The structure of a log for people and for programs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "import/structure.h"

namespace rig::import {

[[nodiscard]] std::string to_text(const Log& log, const Structure& structure);

// {"file","clock","lines","skipped","notes":[..],"versions":[{"line","text"}],"stretches":[{
//  "first_line","last_line","begin","end","retries","resets":[line..],"safe_modes":[line..],
//  "gaps_s":[..],"cycles_s":[..],"cycle_median_s","sessions":[{"first_line","last_line","begin",
//  "length_s","ending","update","begins_before","sent","received","image_bytes","image_size",
//  "image_rate_bps"}]}]}; null where the log does not say.
[[nodiscard]] nlohmann::json to_json(const Log& log, const Structure& structure);

}  // namespace rig::import
