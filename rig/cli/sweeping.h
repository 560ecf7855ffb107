// One sweep from the command line's point of view: run, booked, shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/interrupt.h"
#include "cli/invocation.h"
#include "explore/sweep.h"
#include "store/store.h"

namespace rig::cli {

struct SweepOptions {
  std::optional<std::uint64_t> seed;  // absent: the scenario's
  std::optional<std::uint32_t> points;
  std::vector<std::string> torn;
  unsigned jobs{0};  // 0: one per processor
  std::string batch;
  bool all{false};               // every point: of a staged update, explored
  std::optional<unsigned> cuts;  // in a row, exploring; 0: until nothing new turns up
  bool no_prune{false};
  std::uint64_t most_executions{0};
};

struct SweepReport {
  store::CampaignId campaign;
  explore::SweepEnd end{};
  double seconds{};
  std::optional<explore::Coverage> coverage{};  // of an exploration
};

// What the sweeps of one command share; must outlive them.
struct SweepHost {
  const Invocation& invocation;
  store::Store& store;
  InterruptWatch& interrupt;
};

// Throws base::UsageError for a scenario or an option that cannot be.
[[nodiscard]] SweepReport sweep_scenario(const SweepHost& host, const std::string& scenario,
                                         const SweepOptions& options);

// The command's exit code for what a campaign proved.
[[nodiscard]] int exit_code_of(const store::CampaignSummary& summary, explore::SweepEnd end);

}  // namespace rig::cli
