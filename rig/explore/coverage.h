// What an exploration decided, in figures: for reports. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "explore/exploration.h"

namespace rig::explore {

struct CellCount {
  std::string operation;  // "program" or "erase"
  std::string model;      // "prefix"
  std::uint64_t total{};
  std::uint64_t decided{};
  std::uint64_t failing{};
  bool operator==(const CellCount&) const = default;
};

// Cuts up to a number in a row: 1 is the update itself.
struct DepthCount {
  unsigned cuts{};
  std::uint64_t states{};  // that this many cuts are made from
  std::uint64_t cells{};
  std::uint64_t decided{};
  std::uint64_t failing{};
  bool operator==(const DepthCount&) const = default;
};

// Neighbouring cells of the update, of one torn model and one verdict.
struct MapRun {
  std::string operation;  // "program" or "erase"
  std::string model;
  std::uint64_t first{};  // operations
  std::uint64_t last{};
  std::uint32_t from{};  // addresses
  std::uint32_t until{};
  std::optional<record::Verdict> verdict{};  // empty: undecided
  bool operator==(const MapRun&) const = default;
};

struct Coverage {
  ExploreEnd end{};
  unsigned cuts{};                  // asked for; 0: any number
  std::uint64_t operations{};       // of the update
  std::vector<CellCount> models{};  // of the update
  std::vector<DepthCount> depths{};
  std::map<record::Verdict, std::uint64_t> verdicts{};  // of the cells of the update
  std::vector<MapRun> map{};  // failing ones first; the longest of the others
  std::uint64_t executions{};
  std::uint64_t states{};
  std::uint64_t classes{};      // recoveries that differ in what they read
  std::uint64_t behaviours{};   // recoveries that differ in what they show
  std::uint64_t transitions{};  // decided cells of all states
  std::uint64_t memory_bytes{};
  double seconds{};  // for whoever looks at a clock
};

[[nodiscard]] Coverage coverage_of(const Exploration& exploration, ExploreEnd end);

// Of the update.
[[nodiscard]] CellCount cells_of(const Coverage& coverage);

// "closed: no sequence of any number of cuts fails", and so on.
[[nodiscard]] std::string sentence_of(const Coverage& coverage);

// What no exploration of this kind says anything about.
[[nodiscard]] const std::vector<std::string>& not_covered();

// A sequence of cuts, first to last.
struct CutSequence {
  std::vector<Cell> cells;
  BehaviourNumber behaviour{};
};
// One per behaviour that shows something else, the failing ones first: fewest cuts, then the
// simplest torn model, then the earliest operation. At most `most`.
[[nodiscard]] std::vector<CutSequence> examples_of(const Exploration& exploration,
                                                   std::size_t most);

}  // namespace rig::explore
