#include "campaign/ledger.h"

#include "base/assert.h"

namespace rig::campaign {

Ledger::Ledger(store::Store& store, const std::string& batch)
    : store_(store), earlier_(store.batch(batch)) {
  for (const store::Campaign& each : earlier_) {
    campaigns_.emplace(Pair{each.scenario, each.role, each.board_name}, each.id);
    if (each.state != store::CampaignState::running) store_.reopen_campaign(each.id);
    for (const store::CycleKey& row : store.cycle_rows(each.id)) {
      if (!row.verdict) {
        open_.emplace(row.index, row.id);
        continue;
      }
      done_.push_back(row.index);
    }
  }
}

store::CampaignId Ledger::campaign_for(const Pair& pair, const Start& start) {
  const auto known = campaigns_.find(pair);
  if (known != campaigns_.end()) return known->second;
  const store::CampaignId id = store_.begin_campaign(start());
  campaigns_.emplace(pair, id);
  return id;
}

void Ledger::begin(const Pair& pair, const Start& start, const store::CycleIntent& intent) {
  const store::CampaignId campaign = campaign_for(pair, start);
  const auto open = open_.find(intent.index);
  if (open == open_.end()) {
    begun_[intent.index] = store_.begin_cycle(campaign, intent);
    return;
  }
  store_.begin_again(open->second, campaign, intent);
  begun_[intent.index] = open->second;
  open_.erase(open);
}

void Ledger::finish(const Answer& answer, std::int64_t now_unix_us) {
  const auto begun = begun_.find(answer.index);
  RIG_ASSERT(begun != begun_.end());
  store::CycleOutcome outcome = answer.outcome;
  outcome.ended_unix_us = now_unix_us;
  store_.finish_cycle(begun->second, outcome, answer.timeline);
  begun_.erase(begun);
}

void Ledger::abandon(std::uint64_t index) {
  const auto begun = begun_.find(index);
  RIG_ASSERT(begun != begun_.end());
  open_.insert(*begun);
  begun_.erase(begun);
}

void Ledger::end(std::int64_t now_unix_us) {
  for (const auto& [pair, id] : campaigns_) {
    const bool open = !store_.cycles(id, {.open_only = true}).empty();
    store_.end_campaign(
        id, open ? store::CampaignState::interrupted : store::CampaignState::finished, now_unix_us);
  }
}

}  // namespace rig::campaign
