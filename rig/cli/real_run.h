// One cycle on a real board, booked like any other.
#pragma once

#include <optional>
#include <string>

#include "cli/real_board.h"
#include "cli/workspace.h"
#include "record/judge.h"
#include "scenario/scenario.h"
#include "store/store.h"

namespace rig::cli {

struct RealRun {
  std::string plan;
  record::Timeline timeline;
  record::Judgement judgement;
  base::Duration host{};
  bool interrupted = false;  // then nothing was judged, and the cycle stays open in the store
  std::optional<shaping::Stats> link{};
  std::optional<link::PacketLog> packets{};
};

struct RealOptions {
  std::optional<record::CutPlan> cut{};
  std::uint64_t seed{};
  board::RealCycle::Watcher watcher{};  // live
  std::string pcap{};                   // the packets of the link go to this file; empty: nowhere
  bool control{false};                  // judged as a run without a cut that must pass
  // Called with the cycle before it runs, and with nothing behind it: who may interrupt it.
  std::function<void(board::RealCycle*)> running{};
};

// Throws base::UsageError before anything is started: what this board cannot do.
void check_real(const scenario::Scenario& scenario, const RealBoard& real,
                const std::optional<record::CutPlan>& cut);

// What a plan names: cycle and campaign of this scenario on this board, before anything is started.
[[nodiscard]] record::PlanId real_plan(const Workspace& workspace, const RealBoard& real,
                                       const std::optional<record::CutPlan>& cut,
                                       std::uint64_t seed);
[[nodiscard]] store::CampaignStart real_campaign(const Workspace& workspace, const RealBoard& real,
                                                 std::uint64_t seed);

// One cycle, booked by nobody. Blocks until the board is in its safe state.
[[nodiscard]] RealRun carry_out(const Workspace& workspace, const RealBoard& real,
                                const RealOptions& options);
[[nodiscard]] store::CycleOutcome outcome_of(const RealRun& run);

// The same, as a campaign of its own. Throws base::RigError when the packets could not be written;
// the cycle is booked all the same.
[[nodiscard]] RealRun run_real_cycle(store::Store& store, const Workspace& workspace,
                                     const RealBoard& real, const RealOptions& options);

struct BoardRun {
  std::optional<record::CutPlan> cut;
  std::uint64_t seed{};
  bool quiet = false;
  std::string firmware{};  // of a plan: it must be this one; empty: any
  std::string pcap{};      // the packets of the link go to this file; empty: nowhere
};
// A whole command: opens the board (empty: the only one of the bench), runs one cycle, prints what
// came of it and sets the exit code. Throws as the above.
void run_on_board(Invocation& invocation, const Workspace& workspace, const std::string& board,
                  const BoardRun& run);

}  // namespace rig::cli
