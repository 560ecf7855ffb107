#include "report/html_night.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/html_map.h"
#include "report/sentence.h"
#include "statistics/binomial.h"

namespace rig::report {
namespace {

using nlohmann::json;

std::string_view name_of(GateAnswer::Outcome outcome) {
  switch (outcome) {
    case GateAnswer::Outcome::accepted:
      return "accepted";
    case GateAnswer::Outcome::rejected:
      return "rejected";
    case GateAnswer::Outcome::undecided:
      return "undecided";
  }
  return "";
}

// A board without a name goes by what it is: all simulated boards of a sweep are alike.
const std::string& board_of(const store::Campaign& campaign) {
  return campaign.board_name.empty() ? campaign.board : campaign.board_name;
}

bool counts_for_somebody(const store::Campaign& campaign) {
  return campaign.role == store::CampaignRole::trial;
}

// What one board did, in order of its first campaign.
struct Board {
  std::string name;
  std::string kind;
  std::uint64_t campaigns{};
  store::VerdictCounts cuts{};
  store::VerdictCounts controls{};
  std::uint64_t open{};
  base::Duration host{};
  Recovery slowest{};  // of its campaigns, the one with the largest median
};

void add(store::VerdictCounts& sum, const store::VerdictCounts& more) {
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<record::Verdict>(i);
    sum.add(verdict, more.of(verdict));
  }
}

std::vector<Board> boards_of(const ReportInput& input) {
  std::vector<Board> boards;
  for (const CampaignReport& report : input.campaigns) {
    const store::Campaign& campaign = report.summary.campaign;
    if (!counts_for_somebody(campaign)) continue;
    auto found = std::find_if(boards.begin(), boards.end(), [&](const Board& each) {
      return each.name == board_of(campaign) && each.kind == campaign.board;
    });
    if (found == boards.end()) {
      found = boards.insert(found, Board{.name = board_of(campaign), .kind = campaign.board});
    }
    ++found->campaigns;
    add(found->cuts, report.summary.cuts);
    add(found->controls, report.summary.controls);
    found->open += report.summary.open_cycles;
    found->host += report.summary.host;
    if (report.recovery.median_us >= found->slowest.median_us) found->slowest = report.recovery;
  }
  return boards;
}

json board_json(const Board& board) {
  const auto failing =
      statistics::interval({board.cuts.failures(), board.cuts.trials()}, kConfidence);
  json out = {{"name", board.name},
              {"kind", board.kind},
              {"campaigns", board.campaigns},
              {"counts", counts_by_verdict(board.cuts)},
              {"controls", counts_by_verdict(board.controls)},
              {"open", board.open},
              {"low", failing.low},
              {"high", failing.high},
              {"host_s", base::to_seconds(board.host)}};
  if (board.slowest.cycles != 0) {
    out["recovery_s"] = static_cast<double>(board.slowest.median_us) / 1e6;
    out["slow_s"] = static_cast<double>(board.slowest.slow_us) / 1e6;
  }
  return out;
}

}  // namespace

json counts_by_verdict(const store::VerdictCounts& counts) {
  json out = json::array();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    out.push_back(counts.of(static_cast<record::Verdict>(i)));
  }
  return out;
}

json gate_json(const ReportInput& input) {
  if (!input.gate) return nullptr;
  return {{"outcome", name_of(input.gate->outcome)},
          {"headline", input.gate->headline},
          {"lines", input.gate->lines}};
}

json change_json(const ReportInput& input) {
  if (!input.change) return nullptr;
  json rows = json::array();
  for (const Change& change : input.change->rows) {
    rows.push_back({{"row", change.row},
                    {"other", change.other_firmware},
                    {"before", counts_by_verdict(change.before)},
                    {"now", counts_by_verdict(change.now)},
                    {"chance", change.chance}});
  }
  return {{"batch", input.change->batch},
          {"started", utc_text(input.change->started_unix_us)},
          {"rows", rows},
          {"onlyNow", input.change->only_now},
          {"onlyBefore", input.change->only_before}};
}

json boards_json(const ReportInput& input) {
  json out = json::array();
  for (const Board& board : boards_of(input)) out.push_back(board_json(board));
  return out;
}

json health_json(const ReportInput& input) {
  json causes = json::array();
  for (const CampaignReport& report : input.campaigns) {
    const store::Campaign& campaign = report.summary.campaign;
    for (const store::NoTrialCause& cause : report.no_trial) {
      causes.push_back({{"board", board_of(campaign)},
                        {"v", static_cast<int>(cause.verdict)},
                        {"text", cause.text},
                        {"n", cause.cycles},
                        {"c", cause.first.value}});
    }
  }
  json wear = json::array();
  for (const ContactWear& contact : input.wear) {
    wear.push_back(
        {{"board", contact.board}, {"contact", contact.contact}, {"closed", contact.closed}});
  }
  json out = json::array();
  for (const OutOfGame& board : input.quarantined) {
    out.push_back({{"board", board.board},
                   {"reason", board.reason},
                   {"since", utc_text(board.since_unix_us)}});
  }
  return {{"causes", causes}, {"wear", wear}, {"out", out}};
}

}  // namespace rig::report
