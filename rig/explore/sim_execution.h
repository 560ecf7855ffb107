// Executions of a staged update on the simulated board, recorded for an Exploration: of the update
// itself, and of recoveries from any contents of flash.
#pragma once

#include <map>
#include <mutex>

#include "board/sim_bench.h"
#include "explore/cells.h"
#include "explore/knowledge.h"
#include "explore/sim_rests.h"
#include "simulator/engine.h"

namespace rig::explore {

class SimExecutions {
 public:
  struct Settings {
    std::uint64_t seed{};
    bool further_cuts{};  // recoveries are cut as well: they need rests
  };
  // `bench` and `models` must outlive it. Throws base::UsageError: see SimRests.
  SimExecutions(const board::SimBench& bench, Settings settings, const CellModels& models);

  struct Update {
    Trace trace;
    base::Bytes flash;  // before it
  };
  // The update without a cut, from its offer up to where clean reboots would follow.
  [[nodiscard]] Update update();
  // For Exploration::RecoverOf.
  [[nodiscard]] Recover recover_of(unsigned job);

 private:
  class Recorder;

  [[nodiscard]] Trace execute(board::SimCycle& cycle, simulator::Engine& engine,
                              Recorder& recorder);
  [[nodiscard]] Trace recover(const PowerOn& world, simulator::Engine& engine);

  const board::SimBench& bench_;
  const Settings settings_;
  const CellModels& models_;
  SimRests rests_;
  std::mutex mutex_;
  std::map<unsigned, simulator::Engine> engines_;  // by job
};

}  // namespace rig::explore
