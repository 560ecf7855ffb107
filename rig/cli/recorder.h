// Books one campaign: what is planned before it happens, what came of it afterwards. The campaign
// ends as `interrupted` when the recorder dies before finish(), exceptions included.
#pragma once

#include <map>
#include <string>

#include "board/sim_bench.h"
#include "explore/sweep.h"
#include "store/retention.h"
#include "store/store.h"

namespace rig::cli {

class Recorder {
 public:
  Recorder(store::Store& store, const board::SimBench& bench, std::uint64_t seed,
           const std::string& batch);
  // Of anything that is not the simulated board.
  Recorder(store::Store& store, const store::CampaignStart& start);
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void begin(std::uint64_t index, const std::string& plan, store::CycleKind kind);
  void planned(const explore::SweepPlan& plan);
  void finished(explore::FinishedCycle cycle);
  void finish(store::CampaignState state);

  [[nodiscard]] store::CampaignId campaign() const { return campaign_; }

 private:
  store::Store& store_;
  store::LatestTimelines latest_;
  store::CampaignId campaign_;
  std::map<std::uint64_t, store::CycleId> open_;
  bool ended_ = false;
};

[[nodiscard]] std::int64_t unix_us_now();

// A campaign on the simulated board that begins now.
[[nodiscard]] store::CampaignStart campaign_of(const board::SimBench& bench, std::uint64_t seed,
                                               const std::string& batch);

}  // namespace rig::cli
