#include "report/csv_report.h"

#include <fmt/format.h>

#include <ostream>

#include "report/sentence.h"
#include "store/cycle_rows.h"

namespace rig::report {
namespace {

std::string quoted(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string us_text(const std::optional<base::Duration>& length) {
  if (!length) return "";
  return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(*length).count());
}

std::string finding_text(const record::Judgement& judgement) {
  for (const record::Finding& finding : judgement.findings) {
    if (finding.holds && finding.verdict == judgement.verdict) return quoted(finding.text);
  }
  return "";
}

std::string outcome_columns(const store::Cycle& cycle) {
  if (!cycle.outcome) return "open,,,,,,,,,,";
  const store::CycleOutcome& outcome = *cycle.outcome;
  const auto verdict = outcome.judgement.verdict;
  return fmt::format("{},{},{},{},{},0x{:08x},{},{},{},{},{}", record::name_of(verdict),
                     name_of(record::class_of(verdict)), quoted(outcome.judgement.phase),
                     outcome.cut.op, us_text(outcome.cut.at), outcome.cut.address,
                     outcome.cut.op_kind, outcome.cut.torn, us_text(outcome.recovery),
                     us_text(outcome.host), finding_text(outcome.judgement));
}

}  // namespace

void write_csv(store::Store& store, std::span<const store::CampaignId> campaigns,
               std::ostream& out) {
  out << "campaign,scenario,board_name,cycle,index,kind,plan,verdict,class,phase,cut_op,cut_at_us,"
         "cut_address,cut_op_kind,torn,recovery_us,host_us,finding\r\n";
  for (const store::CampaignId id : campaigns) {
    const store::Campaign campaign = store.campaign(id);
    const std::string of_campaign =
        fmt::format("{},{},{}", id.value, quoted(campaign.scenario), quoted(campaign.board_name));
    store::CycleTable table(store, id);
    while (const auto cycle = table.next()) {
      out << fmt::format("{},{},{},{},{},{}\r\n", of_campaign, cycle->id.value, cycle->intent.index,
                         store::name_of(cycle->intent.kind), quoted(cycle->intent.plan),
                         outcome_columns(*cycle));
    }
  }
}

}  // namespace rig::report
