#include "report/csv_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <ostream>

#include "report/sentence.h"
#include "store/cycle_rows.h"

namespace rig::report {
namespace {

std::string quoted(std::string_view text) {
  const auto harmless = [](char c) { return c != ',' && c != '"' && c != '\r' && c != '\n'; };
  if (std::ranges::all_of(text, harmless)) return std::string(text);
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

void append_outcome(std::string& out, const store::Cycle& cycle) {
  if (!cycle.outcome) {
    out += "open,,,,,,,,,,";
    return;
  }
  const store::CycleOutcome& outcome = *cycle.outcome;
  const auto verdict = outcome.judgement.verdict;
  fmt::format_to(std::back_inserter(out), "{},{},{},{},{},0x{:08x},{},{},{},{},{}",
                 record::name_of(verdict), name_of(record::class_of(verdict)),
                 quoted(outcome.judgement.phase), outcome.cut.op, us_text(outcome.cut.at),
                 outcome.cut.address, outcome.cut.op_kind, outcome.cut.torn,
                 us_text(outcome.recovery), us_text(outcome.host), finding_text(outcome.judgement));
}

struct Line {
  std::uint64_t index{};
  std::string text;
};

void append_line(std::string& out, const std::string& of_campaign, const store::Cycle& cycle) {
  fmt::format_to(std::back_inserter(out), "{},{},{},{},{},", of_campaign, cycle.id.value,
                 cycle.intent.index, store::name_of(cycle.intent.kind), quoted(cycle.intent.plan));
  append_outcome(out, cycle);
  out += "\r\n";
}

std::string columns_of(const store::Campaign& campaign) {
  return fmt::format("{},{},{}", campaign.id.value, quoted(campaign.scenario),
                     quoted(campaign.board_name));
}

// In order of index, as they are read.
void write_one(store::Store& store, store::CampaignId id, std::ostream& out) {
  const std::string of_campaign = columns_of(store.campaign(id));
  store::CycleTable table(store, std::span(&id, 1));
  std::string line;
  while (const auto cycle = table.next()) {
    line.clear();
    append_line(line, of_campaign, *cycle);
    out << line;
  }
}

void write_together(store::Store& store, std::span<const store::CampaignId> group,
                    std::ostream& out) {
  std::map<store::CampaignId, std::pair<std::string, std::vector<Line>>> lines;
  for (const store::CampaignId id : group) lines[id].first = columns_of(store.campaign(id));
  store::CycleTable table(store, group);
  while (const auto cycle = table.next()) {
    auto& [of_campaign, its] = lines.at(cycle->campaign);
    append_line(its.emplace_back(Line{.index = cycle->intent.index, .text = {}}).text, of_campaign,
                *cycle);
  }
  for (const store::CampaignId id : group) {
    auto& its = lines.at(id).second;
    std::ranges::sort(its, {}, &Line::index);
    for (const Line& line : its) out << line.text;
  }
}

}  // namespace

void write_csv(store::Store& store, std::span<const store::CampaignId> campaigns, std::ostream& out,
               std::uint64_t lines_at_once) {
  out << "campaign,scenario,board_name,cycle,index,kind,plan,verdict,class,phase,cut_op,cut_at_us,"
         "cut_address,cut_op_kind,torn,recovery_us,host_us,finding\r\n";
  while (!campaigns.empty()) {
    std::uint64_t lines = 0;
    std::size_t together = 0;
    do {
      lines += store::count_cycles(store, campaigns[together]);
    } while (lines <= lines_at_once && ++together < campaigns.size());
    if (together <= 1) {
      write_one(store, campaigns.front(), out);
    } else {
      write_together(store, campaigns.first(together), out);
    }
    campaigns = campaigns.subspan(std::max<std::size_t>(together, 1));
  }
}

}  // namespace rig::report
