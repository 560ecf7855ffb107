#include "store/overview.h"

#include <algorithm>

namespace rig::store {
namespace {

constexpr std::int64_t kWeekUs = 7LL * 24 * 3600 * 1'000'000;
// Cycles end in another order than they began, but not by much.
constexpr std::uint64_t kLooked = 400;

std::vector<CycleId> ids_of(Statement& query) {
  std::vector<CycleId> ids;
  while (query.step()) ids.push_back({query.integer(0)});
  return ids;
}

}  // namespace

std::vector<Campaign> current_campaigns(Store& store, std::int64_t now_unix_us) {
  std::vector<CampaignId> ids;
  {
    Statement query(store.database(),
                    "SELECT id FROM campaigns WHERE id=(SELECT max(id) FROM campaigns) OR "
                    "(batch<>'' AND batch=(SELECT batch FROM campaigns ORDER BY id DESC LIMIT 1)) "
                    "OR (state='running' AND started_unix_us>?) ORDER BY id");
    query.with(now_unix_us - kWeekUs);
    while (query.step()) ids.push_back({query.integer(0)});
  }
  std::vector<Campaign> campaigns;
  campaigns.reserve(ids.size());
  for (const CampaignId id : ids) campaigns.push_back(store.campaign(id));
  return campaigns;
}

VerdictCounts cut_counts(Store& store, CampaignId campaign) {
  Statement query(
      store.database(),
      "SELECT verdict, count(*) FROM cycles WHERE campaign=? AND kind='cut' AND verdict "
      "NOT NULL GROUP BY verdict");
  query.with(campaign.value);
  VerdictCounts counts;
  while (query.step()) {
    if (const auto verdict = record::verdict_named(query.text(0))) {
      counts.add(*verdict, query.count(1));
    }
  }
  return counts;
}

OpenCycles open_cycles(Store& store, CampaignId campaign) {
  OpenCycles open;
  std::int64_t latest = 0;
  {
    Statement query(store.database(),
                    "SELECT count(*), max(id) FROM cycles WHERE campaign=? AND verdict IS NULL");
    query.with(campaign.value);
    if (query.step()) {
      open.count = query.count(0);
      latest = query.integer(1);
    }
  }
  if (open.count != 0) open.latest = store.cycle({latest});
  return open;
}

std::optional<CycleId> last_finished(Store& store, CampaignId campaign) {
  Statement query(store.database(),
                  "SELECT id FROM cycles WHERE campaign=? AND +verdict NOT NULL "
                  "ORDER BY cycle_index DESC LIMIT 1");
  query.with(campaign.value);
  if (!query.step()) return std::nullopt;
  return CycleId{query.integer(0)};
}

std::vector<Cycle> latest_verdicts(Store& store, std::size_t limit) {
  std::vector<CycleId> ids;
  {
    Statement query(store.database(),
                    "SELECT id FROM (SELECT id, ended_unix_us FROM cycles WHERE +verdict NOT NULL "
                    "ORDER BY id DESC LIMIT ?) ORDER BY ended_unix_us DESC, id DESC LIMIT ?");
    query.with(kLooked, static_cast<std::uint64_t>(limit));
    ids = ids_of(query);
  }
  std::vector<Cycle> cycles;
  cycles.reserve(ids.size());
  for (const CycleId id : ids) cycles.push_back(store.cycle(id));
  return cycles;
}

std::int64_t data_version(Store& store) {
  return store.database().query_integer("PRAGMA data_version");
}

}  // namespace rig::store
