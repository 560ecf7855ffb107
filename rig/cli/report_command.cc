#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/reporting.h"
#include "report/json_report.h"
#include "report/matrix.h"

namespace rig::cli {
namespace {

std::vector<store::CampaignId> wanted_campaigns(store::Store& store,
                                                const std::vector<std::int64_t>& numbers,
                                                const std::string& batch) {
  std::vector<store::CampaignId> ids;
  ids.reserve(numbers.size());
  for (const std::int64_t number : numbers) ids.push_back(store.campaign({number}).id);
  if (!batch.empty()) {
    for (const store::Campaign& campaign : store.batch(batch)) ids.push_back(campaign.id);
  }
  if (ids.empty()) {
    throw base::UsageError(
        batch.empty() ? "report: name a campaign number or --batch NAME"
                      : fmt::format("report: no campaign of batch '{}' in this database", batch));
  }
  return ids;
}

}  // namespace

void ReportCommand::run(Invocation& invocation) const {
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const auto ids = wanted_campaigns(store, campaigns_, batch_);
  const report::ReportInput input =
      load_report(store, ids, batch_.empty() ? "otarig report" : "otarig report: " + batch_);
  write_reports(input, {.html = html_, .junit = junit_, .json = json_, .csv = csv_});
  if (invocation.json) {
    fmt::print("{}\n", report::report_json(input));
    return;
  }
  const auto rows = report::summaries_of(input);
  fmt::print("{}\n{}", report::matrix_text(rows), report::sentences_text(rows));
  for (const std::string& file : {html_, junit_, json_, csv_}) {
    if (!file.empty()) fmt::print("wrote {}\n", file);
  }
}

}  // namespace rig::cli
