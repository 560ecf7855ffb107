// Reports of stored campaigns, written where the user asked for them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/report_input.h"
#include "store/store.h"

namespace rig::cli {

// Empty: not wanted.
struct ReportFiles {
  std::filesystem::path html;
  std::filesystem::path junit;
  std::filesystem::path json;
  std::filesystem::path csv;
};

[[nodiscard]] report::ReportInput load_report(store::Store& store,
                                              const std::vector<store::CampaignId>& campaigns,
                                              const std::string& title);

// Throws base::RigError naming the file that cannot be written.
void write_reports(store::Store& store, const report::ReportInput& input, const ReportFiles& files);

// How often contacts were closed, by the power journals in `folder` (those that can be read).
[[nodiscard]] std::vector<report::ContactWear> contact_wear(const std::filesystem::path& folder);

}  // namespace rig::cli
