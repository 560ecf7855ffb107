#include "cli/reporting.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>

#include "base/rig_error.h"
#include "cli/recorder.h"
#include "cli/workspace.h"
#include "power/intent_journal.h"
#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/junit_report.h"

namespace rig::cli {
namespace {

namespace fs = std::filesystem;

void write_table(store::Store& store, const report::ReportInput& input, const fs::path& file) {
  std::error_code ignored;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  std::vector<store::CampaignId> ids;
  for (const auto& each : input.campaigns) ids.push_back(each.summary.campaign.id);
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  if (stream) report::write_csv(store, ids, stream);
  stream.flush();
  if (!stream) {
    throw base::RigError({errno, std::generic_category()}, "write '" + file.string() + "'");
  }
}

}  // namespace

report::ReportInput load_report(store::Store& store,
                                const std::vector<store::CampaignId>& campaigns,
                                const std::string& title) {
  report::ReportInput input = report::load_campaigns(store, campaigns);
  input.title = title;
  input.otarig_version = OTARIG_VERSION;
  input.generated_unix_us = unix_us_now();
  return input;
}

void write_reports(store::Store& store, const report::ReportInput& input,
                   const ReportFiles& files) {
  if (!files.html.empty()) write_text(files.html, report::html(input));
  if (!files.junit.empty()) write_text(files.junit, report::junit(input));
  if (!files.json.empty()) write_text(files.json, report::report_json(input));
  if (!files.csv.empty()) write_table(store, input, files.csv);
}

std::vector<report::ContactWear> contact_wear(const fs::path& folder) {
  std::vector<report::ContactWear> wear;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(folder, ignored)) {
    if (file.path().extension() != ".journal") continue;
    // Read as text: opening it as a journal would take the board from whoever uses it.
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    for (const auto& [key, entry] : power::read_journal(text).entries) {
      wear.push_back({.board = file.path().stem().string(),
                      .contact = std::to_string(key.channel.number) + "@" + key.power_switch,
                      .closed = entry.cycles});
    }
  }
  std::sort(wear.begin(), wear.end(), [](const auto& a, const auto& b) {
    return std::tie(a.board, a.contact) < std::tie(b.board, b.contact);
  });
  return wear;
}

}  // namespace rig::cli
