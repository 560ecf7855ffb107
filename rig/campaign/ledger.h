// Books a night: a campaign per scenario and board, a row before each cycle, its outcome behind it.
// What an earlier controller of the same night booked is found again, so that nothing is done twice
// and nothing is left out.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "campaign/crew.h"
#include "store/store.h"

namespace rig::campaign {

// As the store keeps them: what a campaign is.
struct Pair {
  std::string scenario;
  store::CampaignRole role{};
  std::string board;  // on the bench
  auto operator<=>(const Pair&) const = default;
};

class Ledger {
 public:
  // `batch` may have campaigns already.
  Ledger(store::Store& store, const std::string& batch);

  [[nodiscard]] const std::vector<std::uint64_t>& done() const { return done_; }
  [[nodiscard]] const std::vector<store::Campaign>& earlier() const { return earlier_; }

  // `start` is asked for the pair's campaign when there is none yet. The row is on disk when it
  // returns, or soon (store::Commit).
  using Start = std::function<store::CampaignStart()>;
  void begin(const Pair& pair, const Start& start, const store::CycleIntent& intent);
  void finish(const Answer& answer, std::int64_t now_unix_us);
  // Its row stays open: whoever goes on with the night begins it again.
  void abandon(std::uint64_t index);
  [[nodiscard]] store::CycleId row_of(std::uint64_t index) const { return begun_.at(index); }

  // Every campaign ends: as finished when all of its cycles have an outcome.
  void end(std::int64_t now_unix_us);

 private:
  [[nodiscard]] store::CampaignId campaign_for(const Pair& pair, const Start& start);

  store::Store& store_;
  std::vector<store::Campaign> earlier_;
  std::map<Pair, store::CampaignId> campaigns_;
  std::vector<std::uint64_t> done_;
  std::map<std::uint64_t, store::CycleId> open_;   // of a controller that died, or abandoned
  std::map<std::uint64_t, store::CycleId> begun_;  // by this one
};

}  // namespace rig::campaign
