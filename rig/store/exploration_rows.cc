#include "store/exploration_rows.h"

namespace rig::store {

void set_explored(Store& store, CampaignId campaign, const Explored& explored) {
  Statement insert(store.database(),
                   "INSERT OR REPLACE INTO explorations (campaign, cells, decided, failing, "
                   "coverage) VALUES (?,?,?,?,?)");
  insert.with(campaign.value, explored.cells, explored.decided, explored.failing,
              explored.coverage);
  insert.run();
}

std::optional<Explored> explored(Store& store, CampaignId campaign) {
  Statement query(store.database(),
                  "SELECT cells, decided, failing, coverage FROM explorations WHERE campaign=?");
  query.with(campaign.value);
  if (!query.step()) return std::nullopt;
  return Explored{.cells = query.count(0),
                  .decided = query.count(1),
                  .failing = query.count(2),
                  .coverage = query.text(3)};
}

}  // namespace rig::store
