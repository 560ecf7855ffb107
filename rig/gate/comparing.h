// What got better or worse from one side to the other, scenario by scenario and phase by phase, and
// whether it could be chance. Pure but for side_of().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gate/evidence.h"
#include "statistics/comparison.h"
#include "store/store.h"

namespace rig::gate {

struct ScenarioCounts {
  std::string scenario;
  Count cuts{};
  std::vector<NamedCount> phases{};
};

struct Side {
  std::string name;      // as the user wrote it
  std::string builds{};  // "electron-2.0.0@3fa1b2"
  std::vector<ScenarioCounts> scenarios{};
  std::vector<store::CampaignId> campaigns{};
};

// The side that the user named (gate/selection.h). Known-bad campaigns are nobody's side.
[[nodiscard]] Side side_of(store::Store& store, const std::string& name);

enum class Change : std::uint8_t { none, better, worse };
[[nodiscard]] std::string_view name_of(Change change);  // "same", "better", "worse"

struct ComparedRow {
  std::string scenario;
  std::string phase;  // empty: all phases
  Count before{};
  Count after{};
  double p_value{1};                  // Fisher's exact test, by itself
  double p_together{1};               // Holm's, among all rows
  statistics::Interval difference{};  // of the rates, after minus before
  Change change{};                    // by p_together
};

struct Comparison {
  std::string before;
  std::string after;
  double confidence{};
  std::vector<ComparedRow> rows{};
  std::vector<std::string> only_before{};  // scenarios
  std::vector<std::string> only_after{};
  Change change{};  // worse as soon as one row is
};

// Scenarios of the same name are compared; where each side has one only, these two. Throws
// base::UsageError when there is nothing to compare or a campaign is on both sides.
[[nodiscard]] Comparison compare(const Side& before, const Side& after, double confidence);

[[nodiscard]] std::string to_text(const Comparison& comparison);
[[nodiscard]] std::string to_json(const Comparison& comparison);

}  // namespace rig::gate
