// The verdict matrix as text: one row per campaign, one column per verdict that occurs.
#pragma once

#include <span>
#include <string>

#include "store/model.h"

namespace rig::report {

// Aligned columns for a terminal.
[[nodiscard]] std::string matrix_text(std::span<const store::CampaignSummary> rows);
// The same as a Markdown table.
[[nodiscard]] std::string matrix_markdown(std::span<const store::CampaignSummary> rows);
// One sentence per row, one per line.
[[nodiscard]] std::string sentences_text(std::span<const store::CampaignSummary> rows);

}  // namespace rig::report
