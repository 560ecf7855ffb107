#include "store/retention.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rig_error.h"

namespace rig::store {
namespace {

constexpr const char* kFailing =
    "verdict NOT IN ('survived-new', 'resumed', 'retried', 'rolled-back', 'void', 'rig-fault')";
constexpr const char* kPassing = "verdict IN ('survived-new', 'resumed', 'retried', 'rolled-back')";
constexpr int kTimelinesPerCommit = 2'000;
// Twenty times as many cycles are looked at as were added, so that a large old database is done in
// a night as well.
constexpr int kTicksPerThinning = 250;
constexpr std::int64_t kCyclesPerThinning = 5'000;

// Old campaigns that nobody is running.
constexpr const char* kOld =
    "SELECT id FROM campaigns WHERE started_unix_us<? AND state<>'running'";

// Of campaign ?: cycles whose timelines go. Open cycles have none.
std::string victims(const Retention& retention) {
  return fmt::format("FROM timelines JOIN cycles ON cycles.id=timelines.cycle WHERE campaign=? {}",
                     retention.failures ? "" : fmt::format("AND NOT ({})", kFailing));
}

std::vector<CampaignId> old_campaigns(Store& store, const Retention& retention) {
  Statement query(store.database(), kOld);
  query.with(retention.before_unix_us);
  std::vector<CampaignId> found;
  while (query.step()) found.push_back({query.integer(0)});
  return found;
}

bool has_failures(Store& store, CampaignId campaign) {
  Statement query(
      store.database(),
      fmt::format("SELECT EXISTS (SELECT 1 FROM cycles WHERE campaign=? AND verdict NOT "
                  "NULL AND {})",
                  kFailing));
  query.with(campaign.value);
  return query.step() && query.integer(0) != 0;
}

bool goes_whole(Store& store, const Retention& retention, CampaignId campaign) {
  return retention.whole && (retention.failures || !has_failures(store, campaign));
}

struct Size {
  std::uint64_t rows{};
  std::uint64_t bytes{};
};

Size size_of(Store& store, const std::string& rows, CampaignId campaign) {
  Statement query(store.database(),
                  fmt::format("SELECT count(*), coalesce(sum(length(packed)), 0) {}", rows));
  query.with(campaign.value);
  if (!query.step()) return {};
  return {query.count(0), query.count(1)};
}

constexpr const char* kAllTimelines =
    "FROM timelines JOIN cycles ON cycles.id=timelines.cycle WHERE campaign=?";
constexpr const char* kTrunk = "FROM trunks WHERE campaign=?";

void count(Store& store, const Retention& retention, CampaignId campaign, Pruned& pruned) {
  const bool whole = goes_whole(store, retention, campaign);
  const Size all = size_of(store, kAllTimelines, campaign);
  const Size gone = whole ? all : size_of(store, victims(retention), campaign);
  pruned.timelines += gone.rows;
  pruned.bytes += gone.bytes;
  pruned.failures_kept += all.rows - gone.rows;
  if (gone.rows == all.rows) pruned.bytes += size_of(store, kTrunk, campaign).bytes;
  if (whole) ++pruned.campaigns;
}

void delete_timelines(Store& store, const std::string& rows, CampaignId campaign) {
  Statement query(store.database(),
                  fmt::format("DELETE FROM timelines WHERE cycle IN (SELECT timelines.cycle {} "
                              "LIMIT {})",
                              rows, kTimelinesPerCommit));
  do {
    query.with(campaign.value).run();
  } while (store.database().changes() > 0);
}

void delete_old(Store& store, const Retention& retention, CampaignId campaign) {
  const bool whole = goes_whole(store, retention, campaign);
  delete_timelines(store, whole ? kAllTimelines : victims(retention), campaign);
  if (size_of(store, kAllTimelines, campaign).rows == 0) {
    Statement(store.database(), "DELETE FROM trunks WHERE campaign=?").with(campaign.value).run();
  }
  if (!whole) return;
  Statement cycles(store.database(),
                   fmt::format("DELETE FROM cycles WHERE id IN (SELECT id FROM cycles WHERE "
                               "campaign=? LIMIT {})",
                               kTimelinesPerCommit));
  do {
    cycles.with(campaign.value).run();
  } while (store.database().changes() > 0);
  Statement(store.database(), "DELETE FROM campaigns WHERE id=?").with(campaign.value).run();
}

std::uint64_t file_bytes(Store& store) {
  return static_cast<std::uint64_t>(store.database().query_integer("PRAGMA page_count") *
                                    store.database().query_integer("PRAGMA page_size"));
}

}  // namespace

Pruned would_prune(Store& store, const Retention& retention) {
  Pruned pruned;
  for (const CampaignId campaign : old_campaigns(store, retention)) {
    count(store, retention, campaign, pruned);
  }
  return pruned;
}

Pruned prune(Store& store, const Retention& retention) {
  store.sync();  // every deletion below is a transaction of its own
  const Pruned pruned = would_prune(store, retention);
  for (const CampaignId campaign : old_campaigns(store, retention)) {
    delete_old(store, retention, campaign);
  }
  return pruned;
}

void LatestTimelines::tick() {
  if (++ticks_ % kTicksPerThinning != 0) return;
  try {
    thin();
  } catch (const base::RigError& error) {
    if (error.code() != std::errc::device_or_resource_busy) throw;
  }
}

void LatestTimelines::thin() {
  const auto last = store_.database().query_integer("SELECT coalesce(max(id), 0) FROM cycles");
  const std::int64_t most = last - static_cast<std::int64_t>(keep_);
  const std::int64_t to = std::min(most, thinned_to_ + kCyclesPerThinning);
  if (to <= thinned_to_) return;
  Statement(store_.database(),
            fmt::format("DELETE FROM timelines WHERE cycle IN (SELECT cycles.id FROM cycles JOIN "
                        "campaigns ON campaigns.id=campaign WHERE cycles.id>? AND cycles.id<=? AND "
                        "board='sim' AND {})",
                        kPassing))
      .with(thinned_to_, to)
      .run();
  thinned_to_ = to;
}

std::uint64_t shrink(Store& store) {
  store.sync();
  const std::uint64_t before = file_bytes(store);
  store.database().run("VACUUM");
  const std::uint64_t after = file_bytes(store);
  store.database().run("PRAGMA wal_checkpoint(TRUNCATE)");
  return before > after ? before - after : 0;
}

}  // namespace rig::store
