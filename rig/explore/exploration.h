// Explores what losses of power can do to an update: all cells of its own execution first, then
// those of every recovery that turned out to be new, and so on, up to a number of cuts or until
// nothing new turns up.
//
// Nothing new means: the set of states is closed. Every cell of every state leads to a state of the
// set, which stands for the cell's world in this too: the cells of the world lead to worlds that
// the same states stand for (knowledge.h). By induction over the number of cuts no sequence of any
// number of them leaves the set, and the recoveries known are all that there are.
//
// Rounds: in each, some states are walked, in parallel and without looking at each other's needs;
// between rounds needs grow, and states whose neighbours need more now are walked again. Needs only
// grow and are finite, so this ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "explore/cells.h"
#include "explore/knowledge.h"
#include "explore/walker.h"

namespace rig::explore {

struct ExploreSettings {
  std::vector<record::TornKind> torn;  // empty: old and new
  unsigned cuts{1};                    // in a row, at most; 0: any number
  unsigned jobs{1};
  bool prune{true};                 // false: executes every cell; one cut only
  std::uint64_t most_executions{};  // 0: no limit
  // Of the chip; outlives the exploration.
  const simulator::FlashGeometry* flash{&simulator::stm32f205().flash};
};

// What has been done so far.
struct Progress {
  std::uint64_t cells{};       // of the states known so far
  std::uint64_t decided{};     // of these
  std::uint64_t executions{};  // including the update itself
  std::uint64_t states{};
  std::uint64_t behaviours{};
};

struct ExploreObserver {
  std::function<void(const Progress&)> progress;  // now and then, on the calling thread
  std::function<bool()> stop;                     // asked often; true: leave the rest undecided
};

enum class ExploreEnd : std::uint8_t {
  covered,  // every cell up to the number of cuts is decided
  closed,   // and nothing new can turn up with any number of cuts
  budget,   // most_executions, or stopped: some cells are undecided
};

class Exploration {
 public:
  // Gives each job, 0.., what it executes with; never one thing to two jobs.
  using RecoverOf = std::function<Recover(unsigned job)>;
  Exploration(const ExploreSettings& settings, RecoverOf recover_of);

  // The execution of the update without a cut, from `flash` at power-on.
  void begin(Trace trace, base::ByteView flash);
  ExploreEnd run(const ExploreObserver& observer);

  [[nodiscard]] const Knowledge& knowledge() const { return knowledge_; }
  [[nodiscard]] const CellModels& models() const { return models_; }
  [[nodiscard]] const simulator::FlashGeometry& flash() const { return *settings_.flash; }
  [[nodiscard]] unsigned cuts() const { return settings_.cuts; }
  [[nodiscard]] Progress progress() const;
  // The cells of a state, in order of model and operation; empty when it was not walked.
  [[nodiscard]] const std::vector<Stretch>& stretches(StateNumber state) const;
  [[nodiscard]] std::uint64_t cells_of(StateNumber state) const;

 private:
  struct Record {
    bool walked{false};
    std::vector<Stretch> stretches;
    std::map<StateNumber, std::uint32_t> targets;
  };
  using Tasks = std::vector<Walker::Range>;

  [[nodiscard]] bool walks(StateNumber state) const;
  [[nodiscard]] std::vector<StateNumber> due() const;
  [[nodiscard]] Tasks tasks_for(const std::vector<StateNumber>& states) const;
  void work(const Tasks& tasks, const ExploreObserver& observer, std::vector<Walked>& results);
  void take(const std::vector<StateNumber>& states, std::vector<Walked> results);
  [[nodiscard]] bool shorten_ways();

  const ExploreSettings settings_;
  const RecoverOf recover_of_;
  const CellModels models_;
  Knowledge knowledge_;
  std::vector<Record> records_;
  std::uint64_t executions_{0};
  bool exhausted_{false};
};

}  // namespace rig::explore
