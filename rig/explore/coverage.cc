#include "explore/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_set>

#include "explore/verdict_map.h"
#include "record/cut_plan_words.h"

namespace rig::explore {
namespace {

bool fails(record::Verdict verdict) {
  const auto verdict_class = record::class_of(verdict);
  return verdict_class == record::VerdictClass::degraded ||
         verdict_class == record::VerdictClass::lost;
}

const Ending& ending_of(const Knowledge& knowledge, StateNumber state) {
  return knowledge.behaviour_of(state).trace.ending;
}

std::uint64_t length_of(const Stretch& stretch) { return stretch.last - stretch.first + 1; }

class Counter {
 public:
  explicit Counter(const Exploration& exploration)
      : exploration_(exploration), knowledge_(exploration.knowledge()) {}

  void count(Coverage& coverage) {
    for (StateNumber state = 0; state < knowledge_.states(); ++state) {
      const auto& stretches = exploration_.stretches(state);
      if (stretches.empty()) continue;
      DepthCount& depth = depth_of(coverage, knowledge_.state(state).depth + 1);
      ++depth.states;
      for (const Stretch& stretch : stretches) add(stretch, depth);
    }
    for (const Stretch& stretch : exploration_.stretches(kStart)) add_model(stretch, coverage);
  }

 private:
  static DepthCount& depth_of(Coverage& coverage, unsigned cuts) {
    while (coverage.depths.size() < cuts) {
      coverage.depths.push_back({.cuts = static_cast<unsigned>(coverage.depths.size() + 1)});
    }
    return coverage.depths[cuts - 1];
  }

  void add(const Stretch& stretch, DepthCount& depth) const {
    depth.cells += length_of(stretch);
    if (stretch.target == kUndecided) return;
    depth.decided += length_of(stretch);
    if (fails(ending_of(knowledge_, stretch.target).verdict)) depth.failing += length_of(stretch);
  }

  void add_model(const Stretch& stretch, Coverage& coverage) const {
    const auto& changes = knowledge_.behaviour_of(kStart).trace.changes;
    const record::TornModel model =
        exploration_.models().model(changes[stretch.first - 1], stretch.first, stretch.model);
    const std::string name(record::name_of(model.kind));
    const char* operation = stretch.erase ? "erase" : "program";
    auto found = std::find_if(
        coverage.models.begin(), coverage.models.end(),
        [&](const CellCount& each) { return each.operation == operation && each.model == name; });
    if (found == coverage.models.end()) {
      found = coverage.models.insert(found, {.operation = operation, .model = name});
    }
    found->total += length_of(stretch);
    if (stretch.target == kUndecided) return;
    found->decided += length_of(stretch);
    const record::Verdict verdict = ending_of(knowledge_, stretch.target).verdict;
    coverage.verdicts[verdict] += length_of(stretch);
    if (fails(verdict)) found->failing += length_of(stretch);
  }

  const Exploration& exploration_;
  const Knowledge& knowledge_;
};

Cell first_cell(const Exploration& exploration, StateNumber state, const Stretch& stretch) {
  const auto& changes = exploration.knowledge().behaviour_of(state).trace.changes;
  return {stretch.first,
          exploration.models().model(changes[stretch.first - 1], stretch.first, stretch.model)};
}

// The cuts that lead to a state, and one more.
std::vector<Cell> sequence(const Knowledge& knowledge, StateNumber state, const Cell& last) {
  std::vector<Cell> cells{last};
  for (; state != kStart; state = knowledge.state(state).origin.from) {
    cells.push_back(knowledge.state(state).origin.cell);
  }
  std::reverse(cells.begin(), cells.end());
  return cells;
}

struct Candidate {
  StateNumber state{};
  const Stretch* stretch{};
  Cell cell;
  bool failing{};
};

// The order in which counterexamples are preferred.
auto rank_of(const Knowledge& knowledge, const Candidate& candidate) {
  return std::tuple(!candidate.failing, knowledge.state(candidate.state).depth,
                    candidate.cell.torn.kind, candidate.cell.operation, candidate.state);
}

}  // namespace

Coverage coverage_of(const Exploration& exploration, ExploreEnd end) {
  const Progress progress = exploration.progress();
  const Knowledge& knowledge = exploration.knowledge();
  Coverage coverage{.end = end,
                    .cuts = exploration.cuts(),
                    .operations = knowledge.behaviour_of(kStart).trace.changes.size(),
                    .executions = progress.executions,
                    .states = progress.states,
                    .classes = progress.behaviours,
                    .transitions = progress.decided,
                    .memory_bytes = knowledge.footprint()};
  Counter(exploration).count(coverage);
  std::unordered_set<std::string> stories;
  for (BehaviourNumber i = 1; i < progress.behaviours; ++i) {
    stories.insert(knowledge.behaviour(i).trace.ending.story);
  }
  coverage.behaviours = stories.size();
  coverage.map = map_of(exploration);
  return coverage;
}

CellCount cells_of(const Coverage& coverage) {
  CellCount sum;
  for (const CellCount& each : coverage.models) {
    sum.total += each.total;
    sum.decided += each.decided;
    sum.failing += each.failing;
  }
  return sum;
}

std::string sentence_of(const Coverage& coverage) {
  std::uint64_t failing = 0;
  std::uint64_t open = 0;
  for (const DepthCount& depth : coverage.depths) {
    failing += depth.failing;
    open += depth.cells - depth.decided;
  }
  const std::string size =
      fmt::format("{} states, {} transitions", coverage.states, coverage.transitions);
  if (coverage.end == ExploreEnd::budget) {
    return fmt::format("not covered: {} cells of the states found are undecided ({})", open, size);
  }
  if (failing > 0) return fmt::format("{} cells fail ({})", failing, size);
  if (coverage.end == ExploreEnd::closed) {
    return fmt::format("closed: no sequence of any number of cuts fails ({})", size);
  }
  return coverage.cuts == 1 ? fmt::format("no single cut fails ({})", size)
                            : fmt::format("no {} cuts in a row fail ({})", coverage.cuts, size);
}

const std::vector<std::string>& not_covered() {
  static const std::vector<std::string> kNot{
      "cuts between flash operations that change nothing in flash but are seen by the hardware "
      "(a peripheral half set up)",
      "supply dips and brown-outs that keep RAM",
      "wear, temperature and cells that change by themselves",
      "torn models that were not asked for, and other amounts and seeds of those that were",
      "code and DMA that read a metastable or unreadable word: they get what it held before",
      "anything in the product that the simulated chip does not have",
  };
  return kNot;
}

std::vector<CutSequence> examples_of(const Exploration& exploration, std::size_t most) {
  const Knowledge& knowledge = exploration.knowledge();
  std::map<std::string, Candidate> best;
  for (StateNumber state = 0; state < knowledge.states(); ++state) {
    for (const Stretch& stretch : exploration.stretches(state)) {
      if (stretch.target == kUndecided) continue;
      const Ending& ending = ending_of(knowledge, stretch.target);
      const Candidate candidate{state, &stretch, first_cell(exploration, state, stretch),
                                fails(ending.verdict)};
      const auto [known, fresh] = best.try_emplace(ending.story, candidate);
      if (!fresh && rank_of(knowledge, candidate) < rank_of(knowledge, known->second)) {
        known->second = candidate;
      }
    }
  }
  std::vector<Candidate> chosen;
  chosen.reserve(best.size());
  for (const auto& [story, candidate] : best) chosen.push_back(candidate);
  std::sort(chosen.begin(), chosen.end(), [&](const Candidate& left, const Candidate& right) {
    return rank_of(knowledge, left) < rank_of(knowledge, right);
  });
  chosen.resize(std::min(chosen.size(), most));
  std::vector<CutSequence> examples;
  examples.reserve(chosen.size());
  for (const Candidate& candidate : chosen) {
    examples.push_back({sequence(knowledge, candidate.state, candidate.cell),
                        knowledge.state(candidate.stretch->target).behaviour});
  }
  return examples;
}

}  // namespace rig::explore
