// What of old nights may go. Rows of cycles are small and every count stands on them; what takes
// the space is timelines, and those that did not fail are what nobody reads again.
#pragma once

#include <cstdint>

#include "store/store.h"

namespace rig::store {

struct Retention {
  std::int64_t before_unix_us{};  // campaigns that began before; running ones stay as they are
  // Whole campaigns instead of timelines. A campaign with a failure keeps its rows all the same,
  // unless `failures` says otherwise.
  bool whole{false};
  bool failures{false};  // timelines (or whole campaigns) of failures as well
};

struct Pruned {
  std::uint64_t campaigns{};  // removed whole
  std::uint64_t timelines{};
  std::uint64_t bytes{};          // of timelines and trunks
  std::uint64_t failures_kept{};  // timelines of failing cycles that stay
};

// What prune() would do. Changes nothing.
[[nodiscard]] Pruned would_prune(Store& store, const Retention& retention);

// In transactions of a fraction of a second, so that a soak writes on meanwhile. What a campaign
// without one timeline left had in its trunk goes as well. The space is used again by later cycles;
// shrink() gives it back.
Pruned prune(Store& store, const Retention& retention);

// Rewrites the file without its free pages: needs as much space again for a moment, and nobody else
// writing (base::RigError otherwise). The bytes that were freed.
std::uint64_t shrink(Store& store);

// How the database stays small by itself: of the latest `keep` cycles every timeline stays; of
// older ones those of passes on the simulated board go, which their plan ids make again to the
// byte. What failed or proved nothing stays, and so does what a real board did.
class LatestTimelines {
 public:
  static constexpr std::uint64_t kKeep = 100'000;

  // `store` must outlive it.
  explicit LatestTimelines(Store& store, std::uint64_t keep = kKeep) : store_(store), keep_(keep) {}

  // Called behind every finished cycle; now and then it removes some. What a database has too many
  // of goes little by little. Does nothing while another process has the database locked.
  void tick();
  // The same at once.
  void thin();

 private:
  Store& store_;
  std::uint64_t keep_;
  std::int64_t thinned_to_{0};  // cycle number
  int ticks_{0};
};

}  // namespace rig::store
