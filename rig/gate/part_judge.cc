#include "gate/part_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/suggestion.h"

namespace rig::gate {
namespace {

using statistics::Demand;
using statistics::Sample;

// A rate is rejected only when the sample itself shows, with the same confidence, that it is too
// high. Between the two bounds it takes more cuts.
Clause rate_clause(const std::string& name, Sample sample, Demand demand) {
  Clause clause{.name = name, .text = bound_text(sample, demand.confidence)};
  clause.text += fmt::format(", {} allowed", percent(demand.max_rate));
  if (statistics::lower_bound(sample, demand.confidence) > demand.max_rate) {
    clause.answer = Answer::reject;
    return clause;
  }
  const auto needed = statistics::trials_still_needed(sample, demand);
  clause.answer = needed == 0U ? Answer::accept : Answer::not_enough;
  clause.still_needed = needed.value_or(0);
  if (!needed) clause.text += "; no number of cuts that a rig can make would do";
  return clause;
}

}  // namespace

std::string percent(double share) { return fmt::format("{:.3g} %", share * 100); }

std::string cuts_text(std::uint64_t number) {
  return number == 1 ? "1 cut" : fmt::format("{} cuts", number);
}

std::string bound_text(Sample sample, double confidence) {
  return fmt::format("{} of {} fail: at most {} at {}", sample.failures, cuts_text(sample.trials),
                     percent(statistics::upper_bound(sample, confidence)), percent(confidence));
}

Clause least_clause(const std::string& name, std::uint64_t there, std::uint64_t wanted) {
  return {.name = name,
          .answer = there >= wanted ? Answer::accept : Answer::not_enough,
          .text = fmt::format("{} of {} wanted", there, wanted),
          .still_needed = there >= wanted ? 0 : wanted - there};
}

void PartJudge::rates(bool required) {
  if (!policy_.max_rate) return;
  Clause clause = rate_clause(named("failures"), part_.cuts.sample(),
                              {.max_rate = *policy_.max_rate, .confidence = policy_.confidence});
  if (!required && clause.answer == Answer::not_enough) return;
  needed_overall_ = clause.still_needed;
  clauses_.push_back(std::move(clause));
}

void PartJudge::phase(const PhaseRule& rule) {
  const Count count = count_of(part_.phases, rule.phase);
  std::uint64_t needed = 0;
  if (rule.cuts > 0) {
    clauses_.push_back(least_clause(named("cuts in phase " + rule.phase), count.trials, rule.cuts));
    needed = clauses_.back().still_needed;
    if (count.trials == 0 && !part_.phases.empty()) {
      std::vector<std::string> seen;
      for (const NamedCount& each : part_.phases) seen.push_back(each.name);
      clauses_.back().text += fmt::format("; cuts landed in: {}", base::joined(seen));
    }
  }
  if (rule.max_rate) {
    clauses_.push_back(rate_clause(named("failures in phase " + rule.phase), count.sample(),
                                   {.max_rate = *rule.max_rate, .confidence = policy_.confidence}));
    needed = std::max(needed, clauses_.back().still_needed);
  }
  needed_in_phases_ += needed;
}

void PartJudge::phases() {
  for (const PhaseRule& rule : policy_.phases) phase(rule);
}

void PartJudge::landed() {
  const std::uint64_t tried = part_.cuts.trials + part_.cuts.missed;
  if (policy_.landed <= 0 || tried == 0) return;
  const double share = static_cast<double>(part_.cuts.trials) / static_cast<double>(tried);
  clauses_.push_back(
      {.name = named("cuts that landed"),
       .answer = share >= policy_.landed ? Answer::accept : Answer::not_enough,
       .text = fmt::format(
           "{} of {} tried ({}), {} wanted{}", part_.cuts.trials, tried, percent(share),
           percent(policy_.landed),
           share >= policy_.landed ? "" : "; find out why they miss before making more")});
}

// The simulated board fails the same way every time: a counterexample is a fact, not a sample.
void PartJudge::failures(std::uint64_t allowed, const std::string& example) {
  const std::uint64_t failures = part_.cuts.failures;
  const bool bad = failures > allowed;
  clauses_.push_back(
      {.name = named("counterexamples"),
       .answer = bad ? Answer::reject : Answer::accept,
       .text = fmt::format(
           "{}, {} allowed{}", failures, allowed,
           bad && !example.empty() ? fmt::format("; otarig replay '{}'", example) : "")});
}

void PartJudge::coverage(double wanted) {
  if (wanted <= 0) return;
  for (const std::string& scenario : policy_.scenarios) {
    const auto found =
        std::find_if(part_.coverage.begin(), part_.coverage.end(),
                     [&](const Coverage& each) { return each.scenario == scenario; });
    Clause clause{.name = named("coverage of " + scenario), .answer = Answer::not_enough};
    if (found == part_.coverage.end()) {
      clause.text = fmt::format("no sweep, {} of its cells wanted", percent(wanted));
    } else {
      const auto enough =
          static_cast<std::uint64_t>(std::ceil(wanted * static_cast<double>(found->planned)));
      clause = least_clause(clause.name, found->decided, enough);
      clause.text = fmt::format("{} of {} cells decided, {} wanted", found->decided, found->planned,
                                percent(wanted));
    }
    needed_in_sweeps_ += clause.still_needed;
    clauses_.push_back(std::move(clause));
  }
}

void PartJudge::named_boards(const BoardsRule& rule) {
  std::vector<std::string> missing;
  for (const std::string& name : rule.names) {
    if (count_of(part_.boards, name).trials == 0) missing.push_back(name);
  }
  if (rule.names.empty()) return;
  clauses_.push_back(
      {.name = named("named boards"),
       .answer = missing.empty() ? Answer::accept : Answer::not_enough,
       .text = missing.empty() ? "all there" : "no trial on: " + base::joined(missing)});
}

void PartJudge::boards(const BoardsRule& rule) {
  const std::uint64_t each = std::max<std::uint64_t>(rule.cuts_each, 1);
  std::vector<std::uint64_t> lacking;  // per board, fewest first
  std::uint64_t tried = 0;
  for (const NamedCount& board : part_.boards) {
    tried += board.count.trials > 0 ? 1 : 0;
    lacking.push_back(board.count.trials >= each ? 0 : each - board.count.trials);
  }
  clauses_.push_back(least_clause(named("boards that were cut"), tried, rule.least));
  clauses_.back().still_needed = 0;  // in cuts: below
  named_boards(rule);
  std::sort(lacking.begin(), lacking.end());
  lacking.resize(rule.least, each);
  for (const std::uint64_t more : lacking) needed_on_boards_ += more;
  const auto full =
      static_cast<std::uint64_t>(std::count(lacking.begin(), lacking.end(), std::uint64_t{}));
  if (rule.cuts_each == 0) return;
  clauses_.push_back({.name = named(fmt::format("boards with {}", cuts_text(each))),
                      .answer = full >= rule.least ? Answer::accept : Answer::not_enough,
                      .text = fmt::format("{} of {} wanted", full, rule.least),
                      .still_needed = needed_on_boards_});
}

}  // namespace rig::gate
