// What a night consists of: cycle i is a pure function of the night's seed and i, whoever asks, on
// which board and after how many crashes. Pure.
//
// Scenarios take turns by weight, in an order that is shuffled anew for every round. Of each
// scenario's cycles every `control_every`-th is a control run without a cut, and the one behind it
// runs the known-bad firmware, where the family has one. The cuts visit the phases of the update in
// turn, so that a phase of milliseconds is cut as often as one of minutes; within a phase their
// places are spread evenly (multiples of the golden ratio) and dithered, alternately by time and,
// on boards that can, by flash operation with a torn model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "campaign/strata.h"
#include "record/cut_plan.h"
#include "scenario/scenario.h"
#include "store/model.h"

namespace rig::campaign {

struct Entry {
  std::string scenario{};
  std::uint32_t weight{1};
  scenario::Cut cut{};       // as the scenario says: many places, one, or none
  bool by_operation{false};  // its boards can be cut in a flash operation, which tears it
  std::vector<Stratum> strata{};
  // Profiles for its cuts, each as likely as the others; empty text: the scenario's own.
  std::vector<std::string> links{""};
  std::optional<std::size_t> known_bad{};  // in Night::known_bad
};

struct Night {
  std::uint64_t seed{};
  std::uint32_t control_every{50};  // at least 3
  std::vector<Entry> entries{};
  std::vector<Entry> known_bad{};
};

struct Draw {
  std::size_t entry{};  // in Night::entries, or in Night::known_bad
  bool known_bad{false};
  store::CycleKind kind{store::CycleKind::cut};
  std::optional<record::CutPlan> cut{};
  std::uint64_t seed{};
  std::string link{};
};

[[nodiscard]] const Entry& entry_of(const Night& night, const Draw& draw);

[[nodiscard]] Draw draw(const Night& night, std::uint64_t index);

}  // namespace rig::campaign
