// Executions of a staged update on the simulated board, recorded for an Exploration: of the update
// itself, and of recoveries from any contents of flash.
#pragma once

#include <map>
#include <mutex>

#include "board/sim_bench.h"
#include "explore/cells.h"
#include "explore/knowledge.h"
#include "explore/sim_rests.h"

namespace rig::explore {

class SimExecutions {
 public:
  // `bench` and `models` must outlive it. Throws base::UsageError: see SimRests.
  SimExecutions(const board::SimBench& bench, std::uint64_t seed, const CellModels& models);

  // The update without a cut, up to where clean reboots would follow.
  [[nodiscard]] Trace update();
  // Flash before it.
  [[nodiscard]] base::Bytes start() const;
  // For Exploration::RecoverOf.
  [[nodiscard]] Recover recover_of(unsigned job);

 private:
  class Recorder;

  [[nodiscard]] Trace execute(board::SimCycle& cycle, simulator::Engine& engine);
  [[nodiscard]] Trace recover(const PowerOn& world, simulator::Engine& engine);

  const board::SimBench& bench_;
  const std::uint64_t seed_;
  const CellModels& models_;
  const scenario::Sweep sweep_;
  SimRests rests_;
  std::mutex mutex_;
  std::map<unsigned, simulator::Engine> engines_;  // by job
};

}  // namespace rig::explore
