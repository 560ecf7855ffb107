// Every chosen cut point of one scenario on the simulated board.
//
// A control run without a cut comes first and must pass; its flash operations are what the cut
// points are chosen from. Then the update is executed once more, and at each cut point the whole
// world is copied and handed to a worker, which cuts the copy and lets it recover. Workers share
// nothing but the queue, so the number of jobs changes no result, only the order they arrive in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "board/sim_bench.h"
#include "explore/coverage.h"
#include "link/meter.h"
#include "link/packet_log.h"
#include "scenario/points.h"
#include "store/model.h"
#include "store/packed_timeline.h"

namespace rig::explore {

struct PlannedCycle {
  std::uint64_t index{};  // 0 is the control run
  std::string plan;       // plan id
  record::CutPlan cut;
};

struct FinishedCycle {
  std::uint64_t index{};
  store::CycleOutcome outcome;  // `ended_unix_us` is left to whoever stores it
  store::PackedTimeline timeline;
};

// What the update does to the flash without a cut, and the cycles chosen from it.
struct SweepPlan {
  std::vector<scenario::FlashOpInfo> operations;
  std::vector<PlannedCycle> cycles;
  record::Timeline trunk;  // leading events that the cycles share
  std::uint64_t cells{0};  // that the cycles stand for; 0: each for itself
};

// Called on the thread that called run_sweep().
struct SweepObserver {
  std::function<void(FinishedCycle)> control;     // the control run is over
  std::function<void(const SweepPlan&)> planned;  // before the first cut; not after a bad control
  std::function<void(FinishedCycle)> finished;    // one cut cycle
  std::function<bool()> stop;                     // asked often; true: leave the rest
  // Of a sweep over every point (explore_sweep.h).
  std::function<void(const Progress&)> exploring{};
  std::function<void(const Coverage&)> covered{};
};

struct SweepSettings {
  std::uint64_t seed{1};
  unsigned jobs{1};
  // Of a sweep over every point, see ExploreSettings.
  unsigned cuts{1};
  bool prune{true};
  std::uint64_t most_executions{};
};

enum class SweepEnd : std::uint8_t { complete, control_failed, stopped };

// Throws base::UsageError when the scenario asks for no sweep: before anything is booked.
void require_sweep(const scenario::Scenario& scenario);

// The scenario must ask for a sweep. One over every point of a staged update is explored; its
// cycles are examples, one for each behaviour that was found.
[[nodiscard]] SweepEnd run_sweep(const board::SimBench& bench, const SweepSettings& settings,
                                 const SweepObserver& observer);

// One cycle by itself, judged; the timeline comes back whole.
struct SingleCycle {
  record::Timeline timeline;
  store::CycleOutcome outcome;
  link::Meter link{};
  std::optional<link::PacketLog> packets{};  // kept when asked for
};
enum class Packets : std::uint8_t { counted, kept };
[[nodiscard]] SingleCycle run_single(const board::SimBench& bench,
                                     const std::optional<record::CutPlan>& cut, std::uint64_t seed,
                                     Packets packets = Packets::counted);

}  // namespace rig::explore
