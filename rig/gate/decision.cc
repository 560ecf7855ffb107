#include "gate/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gate/part_judge.h"
#include "statistics/binomial.h"
#include "statistics/detection.h"

namespace rig::gate {
namespace {

using statistics::Sample;

bool has_evidence(const Part& part) { return part.cuts.trials + part.cuts.missed > 0; }

Clause controls_clause(const Policy& policy, const Controls& controls) {
  Clause clause = least_clause("control runs", controls.clean, policy.controls);
  clause.text = fmt::format("{} clean, {} failed, {} without a result; {} wanted", controls.clean,
                            controls.failed, controls.missed, policy.controls);
  clause.still_needed = 0;  // they are no cuts
  if (controls.failed == 0) return clause;
  clause.answer = controls.clean == 0 ? Answer::reject : Answer::not_enough;
  clause.text += controls.clean == 0
                     ? ": the update fails without any cut"
                     : ": the update sometimes fails without a cut, so nothing can be concluded";
  return clause;
}

Clause known_bad_clause(const KnownBad& bad) {
  return {.name = "known-bad firmware of " + bad.scenario,
          .answer = bad.failures > 0 ? Answer::accept : Answer::not_enough,
          .text = bad.failures > 0
                      ? fmt::format("found: {} of {} fail", bad.failures, cuts_text(bad.trials))
                      : fmt::format("not found in {}: this rig does not see such a defect",
                                    cuts_text(bad.trials))};
}

// Counts are pooled over the scenarios: each of them must have something in there.
void add_scenario_clauses(const Policy& policy, const Evidence& evidence,
                          std::vector<Clause>& clauses) {
  for (const std::string& scenario : policy.scenarios) {
    const auto tried = std::find_if(evidence.tried.begin(), evidence.tried.end(),
                                    [&](const Tried& each) { return each.scenario == scenario; });
    const Count cuts = tried == evidence.tried.end() ? Count{} : tried->cuts;
    const bool uncut = tried != evidence.tried.end() && cuts.missed == 0 && tried->clean_runs > 0;
    if (cuts.trials > 0 || uncut) continue;
    clauses.push_back({.name = "scenario " + scenario,
                       .answer = Answer::not_enough,
                       .text = cuts.missed == 0
                                   ? "no cycle of the wanted firmware in what was selected"
                                   : fmt::format("none of {} landed", cuts_text(cuts.missed))});
  }
}

// "118 of 120 cells decided (of 43,293 flash operations)"
std::string coverage_text(const Part& part) {
  std::uint64_t decided = 0;
  std::uint64_t planned = 0;
  std::uint64_t ops = 0;
  for (const Coverage& each : part.coverage) {
    decided += each.decided;
    planned += each.planned;
    ops += each.flash_ops;
  }
  if (planned == 0) return "no sweep";
  const std::string of = ops > 0 ? fmt::format(", chosen from {} flash operations", ops) : "";
  return fmt::format("{} of {} cells decided{}", decided, planned, of);
}

std::string missed_text(const Part& part) {
  std::string text;
  if (part.cuts.missed > 0) {
    text += fmt::format("; {} proved nothing and {} not counted", part.cuts.missed,
                        part.cuts.missed == 1 ? "is" : "are");
  }
  if (part.repeated > 0) {
    text += fmt::format("; {} repeated a plan and {} left out", part.repeated,
                        part.repeated == 1 ? "is" : "are");
  }
  return text;
}

std::string emulated_text(const Policy& policy, const Part& part) {
  if (!has_evidence(part)) return "emulated: no cuts";
  return fmt::format("emulated: {}; {}{}", coverage_text(part),
                     bound_text(part.cuts.sample(), policy.confidence), missed_text(part));
}

std::string boards_text(const Policy& policy, const Part& part) {
  if (!has_evidence(part)) return "boards: no cuts";
  const auto phases = std::count_if(part.phases.begin(), part.phases.end(),
                                    [](const NamedCount& each) { return each.count.trials > 0; });
  return fmt::format("boards: {} of {} tried landed, in {} phases on {} boards; {}{}",
                     part.cuts.trials, part.cuts.trials + part.cuts.missed, phases,
                     part.boards.size(), bound_text(part.cuts.sample(), policy.confidence),
                     missed_text(part));
}

// Boards differ: what would be known without the one that proves most.
void add_board_remarks(const Policy& policy, const Part& part, std::vector<std::string>& remarks) {
  if (part.boards.size() < 2) return;
  double highest = 0;
  std::string without;
  for (const NamedCount& board : part.boards) {
    const Sample rest{part.cuts.failures - board.count.failures,
                      part.cuts.trials - board.count.trials};
    const double bound = statistics::upper_bound(rest, policy.confidence);
    if (bound <= highest) continue;
    highest = bound;
    without = board.name;
  }
  remarks.push_back(
      fmt::format("without board {} the bound would be {}", without, percent(highest)));
}

void add_build_remarks(const Evidence& evidence, std::vector<std::string>& remarks) {
  for (const Build& build : evidence.builds) {
    remarks.push_back(fmt::format(
        "{} on {}: {}{}{}{}", build.scenario, build.board,
        build.firmware.empty() ? "firmware without a name" : build.firmware,
        build.hash.empty() ? "" : "@" + build.hash, build.pair.empty() ? "" : ", " + build.pair,
        build.older_left_out == 0
            ? ""
            : fmt::format("; {} campaigns of other builds left out", build.older_left_out)));
  }
}

void add_detection(const std::string& name, const Part& part, std::vector<Detection>& lines) {
  if (part.cut_times_us.size() < 2) return;
  for (const std::int64_t window_us : {100, 1'000, 10'000, 100'000}) {
    lines.push_back({.part = name,
                     .window_us = window_us,
                     .probability = statistics::chance_of_hit(
                         part.cut_times_us, std::chrono::microseconds(window_us))});
  }
}

std::uint64_t cycles_for(std::uint64_t cuts, const Part& part) {
  const std::uint64_t tried = part.cuts.trials + part.cuts.missed;
  if (cuts == 0 || part.cuts.trials == 0) return cuts;
  return static_cast<std::uint64_t>(
      std::ceil(static_cast<double>(cuts) * static_cast<double>(tried) /
                static_cast<double>(part.cuts.trials)));
}

void judge_parts(const Policy& policy, const Evidence& evidence, Decision& decision) {
  const bool neither = !policy.emulated && !policy.boards;
  const auto take = [&](const PartJudge& judge, const Part& part) {
    decision.clauses.insert(decision.clauses.end(), judge.clauses().begin(), judge.clauses().end());
    decision.still_needed += judge.still_needed();
    decision.cycles_needed += cycles_for(judge.still_needed(), part);
  };
  const bool nothing = !has_evidence(evidence.emulated) && !has_evidence(evidence.boards);
  if (policy.emulated || has_evidence(evidence.emulated) || (neither && nothing)) {
    PartJudge judge(policy, evidence.emulated, "emulated");
    const EmulatedRule rule = policy.emulated.value_or(EmulatedRule{});
    judge.failures(rule.failures, evidence.worst_plan);
    judge.coverage(rule.coverage);
    const bool required = policy.emulated || neither;
    if (required) judge.phases();
    judge.rates(required);
    judge.landed();
    take(judge, evidence.emulated);
  }
  if (policy.boards || has_evidence(evidence.boards)) {
    PartJudge judge(policy, evidence.boards, "boards");
    if (policy.boards) judge.boards(*policy.boards);
    const bool required = policy.boards || neither;
    if (required) judge.phases();
    judge.rates(required);
    judge.landed();
    take(judge, evidence.boards);
  }
}

}  // namespace

std::string_view name_of(Answer answer) {
  switch (answer) {
    case Answer::accept:
      return "accept";
    case Answer::not_enough:
      return "not enough evidence";
    case Answer::reject:
      return "reject";
  }
  return "";
}

Decision decide(const Policy& policy, const Evidence& evidence) {
  Decision decision;
  decision.policy = policy.name;
  add_scenario_clauses(policy, evidence, decision.clauses);
  decision.clauses.push_back(controls_clause(policy, evidence.controls));
  for (const KnownBad& bad : evidence.known_bad) decision.clauses.push_back(known_bad_clause(bad));
  judge_parts(policy, evidence, decision);
  for (const Clause& clause : decision.clauses) {
    decision.answer = std::max(decision.answer, clause.answer);
  }
  decision.emulated = emulated_text(policy, evidence.emulated);
  decision.boards = boards_text(policy, evidence.boards);
  add_detection("emulated", evidence.emulated, decision.detection);
  add_detection("boards", evidence.boards, decision.detection);
  add_build_remarks(evidence, decision.remarks);
  add_board_remarks(policy, evidence.boards, decision.remarks);
  return decision;
}

}  // namespace rig::gate
