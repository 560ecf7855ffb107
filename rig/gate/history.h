// How a scenario did over the nights: the trend, the last good build and the first bad one, and
// what gives no steady answer. Pure but for history_of().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/evidence.h"
#include "gate/selection.h"
#include "statistics/comparison.h"
#include "store/store.h"
#include "store/tally.h"

namespace rig::gate {

// The campaigns of one scenario in one batch with one build; a campaign without a batch is a night
// of its own.
struct Night {
  std::string name;  // of the batch, or "campaign 12"
  std::int64_t started_unix_us{};
  std::string build{};  // "electron-2.0.0@3fa1b2"
  Count cuts{};
  Controls controls{};
  std::vector<store::CampaignId> campaigns{};

  // Cuts and runs without one: does it fail, does it show anything at all?
  [[nodiscard]] bool bad() const { return cuts.failures + controls.failed > 0; }
  [[nodiscard]] bool decided() const { return cuts.trials + controls.failed > 0; }
};

// A board whose rig gives no result, or whose updates fail without a cut, clearly more often than
// those of the other boards.
struct UnsteadyBoard {
  std::string board;
  Count cuts{};
  Controls controls{};
  double p_value{1};  // of its share without a result against the others', Fisher and Holm
};

// Of one scenario on one kind of board: its firmware is another build on each.
struct ScenarioHistory {
  std::string scenario;
  std::string board{};          // kind
  std::vector<Night> nights{};  // oldest first
  statistics::TrendTest trend{};
  // Of the latest change from good to bad that still holds; into `nights`.
  std::optional<std::size_t> last_good{};
  std::optional<std::size_t> first_bad{};
  bool flaky_baseline{};  // within one build: clean and failing runs without a cut
  std::vector<store::MixedPlan> mixed{};
};

struct History {
  std::vector<ScenarioHistory> scenarios{};
  std::vector<UnsteadyBoard> boards{};
};

// Fills trend, last_good, first_bad and flaky_baseline from the nights.
void conclude(ScenarioHistory& history);
// Those of `boards` that stand out, worst first.
[[nodiscard]] std::vector<UnsteadyBoard> unsteady(std::vector<UnsteadyBoard> boards);

// Known-bad campaigns are left out. Throws what select() throws.
[[nodiscard]] History history_of(store::Store& store, const Selection& selection);

[[nodiscard]] std::string to_text(const History& history);
[[nodiscard]] std::string to_json(const History& history);

}  // namespace rig::gate
