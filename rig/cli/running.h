// One cycle from the command line's point of view: run, booked as a campaign of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "board/sim_bench.h"
#include "explore/sweep.h"
#include "store/store.h"

namespace rig::cli {

struct RunOptions {
  std::optional<record::CutPlan> cut;  // absent: nothing is cut on purpose
  std::uint64_t seed{};
  std::string batch;
  std::string pcap{};  // the packets of the link go to this file; empty: nowhere
};

struct RunReport {
  store::CampaignId campaign;
  std::string plan;
  explore::SingleCycle single;
};

// Throws base::RigError when the packets could not be written; the cycle is booked all the same.
[[nodiscard]] RunReport run_cycle(store::Store& store, const board::SimBench& bench,
                                  const RunOptions& options);

}  // namespace rig::cli
