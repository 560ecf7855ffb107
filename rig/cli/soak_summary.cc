#include "cli/soak_summary.h"

#include <fmt/format.h>

#include "base/assert.h"
#include "gate/telling.h"

namespace rig::cli {
namespace {

using campaign::BoardView;
using campaign::SoakEnd;
using record::VerdictClass;

const char* name_of(SoakEnd end) {
  switch (end) {
    case SoakEnd::complete:
      return "complete";
    case SoakEnd::known:
      return "known";
    case SoakEnd::interrupted:
      return "interrupted";
    case SoakEnd::no_board_left:
      return "no-board-left";
  }
  return "";
}

const char* name_of(BoardView::State state) {
  return state == BoardView::State::quarantined ? "quarantined" : "ok";
}

void add(store::VerdictCounts& to, const store::VerdictCounts& from) {
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<record::Verdict>(i);
    to.add(verdict, from.of(verdict));
  }
}

nlohmann::json counts_json(const store::VerdictCounts& counts) {
  nlohmann::json object = nlohmann::json::object();
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<record::Verdict>(i);
    if (counts.of(verdict) > 0) object[std::string(record::name_of(verdict))] = counts.of(verdict);
  }
  return object;
}

nlohmann::json board_json(const BoardView& board) {
  nlohmann::json verdicts = nlohmann::json::object();
  for (const auto& [verdict, count] : board.verdicts) {
    verdicts[std::string(record::name_of(verdict))] = count;
  }
  return {{"board", board.name},  {"state", name_of(board.state)}, {"reason", board.reason},
          {"cycles", board.done}, {"known_bad", board.known_bad},  {"verdicts", verdicts}};
}

// The cycles that the verdicts above do not count.
std::string uncut_text(const NightCounts& counts) {
  std::string text;
  if (counts.controls.total() > 0) {
    text += fmt::format("  {:>6}  without a cut, {} of them passed\n", counts.controls.total(),
                        counts.controls.of(VerdictClass::pass));
  }
  if (counts.known_bad.total() > 0) {
    text += fmt::format("  {:>6}  of a known-bad firmware, {} of them failed as they should\n",
                        counts.known_bad.total(), counts.known_bad.failures());
  }
  return text;
}

void print_failures(const NightSummary& night) {
  constexpr std::size_t kShown = 3;
  std::size_t shown = 0;
  for (const store::CampaignSummary& each : night.campaigns) {
    if (each.campaign.role == store::CampaignRole::known_bad) continue;
    for (const store::FirstCut& cut : each.first_cuts) {
      const VerdictClass verdict_class = record::class_of(cut.verdict);
      const bool failed =
          verdict_class == VerdictClass::degraded || verdict_class == VerdictClass::lost;
      if (!failed || shown++ >= kShown) continue;
      fmt::print("  {}: otarig replay '{}'\n", record::name_of(cut.verdict), cut.plan);
    }
  }
}

}  // namespace

void add_campaigns(NightSummary& night, store::Store& store) {
  for (const store::Campaign& each : store.batch(night.name)) {
    night.campaigns.push_back(store.quick_summary(each.id));
  }
}

NightCounts counts_of(const std::vector<store::CampaignSummary>& campaigns) {
  NightCounts counts;
  for (const store::CampaignSummary& each : campaigns) {
    counts.open += each.open_cycles;
    if (each.campaign.role == store::CampaignRole::known_bad) {
      add(counts.known_bad, each.cuts);
      add(counts.known_bad, each.runs);
      continue;
    }
    add(counts.cuts, each.cuts);
    add(counts.runs, each.runs);
    add(counts.controls, each.controls);
  }
  return counts;
}

std::vector<std::string> shortcomings(const NightSummary& night) {
  const NightCounts counts = counts_of(night.campaigns);
  std::vector<std::string> texts;
  for (const LeftOut& each : night.left_out) {
    texts.push_back(fmt::format("{} was left out: {}", each.scenario, each.why));
  }
  for (const BoardView& board : night.view.boards) {
    if (board.state != BoardView::State::quarantined) continue;
    texts.push_back(fmt::format("board {} is in quarantine: {} (otarig boards release {})",
                                board.name, board.reason, board.name));
  }
  if (night.end == SoakEnd::no_board_left) {
    texts.emplace_back("no board was left that could go on");
  }
  if (counts.controls.of(VerdictClass::no_trial) > 0) {
    texts.push_back(fmt::format("{} of {} control runs without a cut failed",
                                counts.controls.of(VerdictClass::no_trial),
                                counts.controls.total()));
  }
  if (counts.known_bad.trials() > 0 && counts.known_bad.failures() == 0) {
    texts.push_back(fmt::format(
        "the known-bad firmware was never convicted in {} cycles: this night would not have seen "
        "its bug",
        counts.known_bad.trials()));
  }
  if (counts.cuts.trials() + counts.runs.trials() == 0) {
    texts.emplace_back("nothing was tried: no cut landed");
  }
  return texts;
}

int exit_code_of(const NightSummary& night) {
  if (night.end == SoakEnd::interrupted) return kExitInterrupted;
  if (night.gate) return gate::exit_code_of(night.gate->answer);
  const NightCounts counts = counts_of(night.campaigns);
  if (counts.cuts.failures() + counts.runs.failures() > 0) return kExitDeviceFailed;
  return shortcomings(night).empty() ? kExitPass : kExitNoTrial;
}

nlohmann::json to_json(const NightSummary& night) {
  const NightCounts counts = counts_of(night.campaigns);
  nlohmann::json boards = nlohmann::json::array();
  for (const BoardView& board : night.view.boards) boards.push_back(board_json(board));
  nlohmann::json campaigns = nlohmann::json::array();
  for (const store::CampaignSummary& each : night.campaigns) {
    campaigns.push_back({{"campaign", each.campaign.id.value},
                         {"scenario", each.campaign.scenario},
                         {"board", each.campaign.board_name},
                         {"role", store::name_of(each.campaign.role)},
                         {"cuts", counts_json(each.cuts)},
                         {"runs", counts_json(each.runs)},
                         {"controls", counts_json(each.controls)}});
  }
  nlohmann::json object = {{"batch", night.name},
                           {"end", name_of(night.end)},
                           {"cycles", night.view.done},
                           {"cycles_here", night.view.done_here},
                           {"open", counts.open},
                           {"seconds", base::to_seconds(night.view.ran)},
                           {"verdicts", counts_json(counts.cuts)},
                           {"runs", counts_json(counts.runs)},
                           {"controls", counts_json(counts.controls)},
                           {"known_bad", counts_json(counts.known_bad)},
                           {"boards", boards},
                           {"campaigns", campaigns},
                           {"shortcomings", shortcomings(night)}};
  if (!night.standing.empty()) object["sequential"] = night.standing;
  if (night.gate) object["gate"] = nlohmann::json::parse(gate::to_json(*night.gate));
  return object;
}

void print_text(const NightSummary& night) {
  const NightCounts counts = counts_of(night.campaigns);
  fmt::print("{}: {}, {} cycles, {:.1f} s\n", night.name, name_of(night.end), night.view.done,
             base::to_seconds(night.view.ran));
  for (std::size_t i = 0; i < store::kVerdictCount; ++i) {
    const auto verdict = static_cast<record::Verdict>(i);
    const std::uint64_t count = counts.cuts.of(verdict) + counts.runs.of(verdict);
    if (count > 0) fmt::print("  {:>6}  {}\n", count, record::name_of(verdict));
  }
  fmt::print("{}", uncut_text(counts));
  for (const std::string& text : shortcomings(night)) fmt::print("  {}\n", text);
  if (night.end == SoakEnd::interrupted) {
    fmt::print("  it goes on with: otarig soak --resume {}\n", night.name);
  }
  print_failures(night);
  if (!night.standing.empty()) fmt::print("  {}\n", night.standing);
  if (night.gate) fmt::print("{}", gate::to_text(*night.gate));
}

}  // namespace rig::cli
