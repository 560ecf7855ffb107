#include "cli/reporting.h"

#include "cli/recorder.h"
#include "cli/workspace.h"
#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/junit_report.h"

namespace rig::cli {

report::ReportInput load_report(store::Store& store,
                                const std::vector<store::CampaignId>& campaigns,
                                const std::string& title) {
  report::ReportInput input = report::load_campaigns(store, campaigns);
  input.title = title;
  input.otarig_version = OTARIG_VERSION;
  input.generated_unix_us = unix_us_now();
  return input;
}

void write_reports(const report::ReportInput& input, const ReportFiles& files) {
  if (!files.html.empty()) write_text(files.html, report::html(input));
  if (!files.junit.empty()) write_text(files.junit, report::junit(input));
  if (!files.json.empty()) write_text(files.json, report::report_json(input));
  if (!files.csv.empty()) write_text(files.csv, report::csv(input));
}

}  // namespace rig::cli
