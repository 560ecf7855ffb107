#include "cli/soak_gate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rig_error.h"
#include "base/suggestion.h"
#include "cli/soaking.h"
#include "cli/workspace.h"
#include "gate/gather.h"
#include "store/cycle_rows.h"

namespace rig::cli {
namespace {

using record::VerdictClass;

bool is_trial(store::CycleKind kind, record::Verdict verdict) {
  return kind == store::CycleKind::cut && record::class_of(verdict) != VerdictClass::no_trial;
}

bool failed(record::Verdict verdict) { return record::class_of(verdict) != VerdictClass::pass; }

struct Trial {
  std::int64_t ended_unix_us{};
  store::CycleId cycle;
  bool failed{};
};

std::vector<Trial> trials_of(store::Store& store, const std::vector<store::CampaignId>& campaigns) {
  std::vector<Trial> trials;
  store::CycleTable table(store, campaigns);
  while (const auto cycle = table.next()) {
    if (!cycle->outcome) continue;
    const record::Verdict verdict = cycle->outcome->judgement.verdict;
    if (!is_trial(cycle->intent.kind, verdict)) continue;
    trials.push_back({cycle->outcome->ended_unix_us, cycle->id, failed(verdict)});
  }
  std::ranges::sort(trials, {},
                    [](const Trial& each) { return std::pair(each.ended_unix_us, each.cycle); });
  return trials;
}

}  // namespace

NightGate::NightGate(store::Store& store, gate::Policy policy, std::string batch)
    : store_(store), policy_(std::move(policy)), batch_(std::move(batch)) {
  if (!policy_.sequential) return;
  early_.emplace(*policy_.sequential);
  count_earlier();
}

bool NightGate::is_about(const std::string& scenario) const {
  return std::ranges::find(policy_.scenarios, scenario) != policy_.scenarios.end();
}

void NightGate::count_earlier() {
  std::vector<store::CampaignId> counting;
  for (const store::Campaign& each : store_.batch(batch_)) {
    const bool counts = each.role == store::CampaignRole::trial && is_about(each.scenario);
    if (counts) counting.push_back(each.id);
  }
  for (const Trial& each : trials_of(store_, counting)) early_->trial(each.failed);
}

void NightGate::booked(const campaign::Booked& cycle) {
  if (!early_ || cycle.known_bad || !is_about(cycle.scenario)) return;
  if (is_trial(cycle.kind, cycle.verdict)) early_->trial(failed(cycle.verdict));
}

bool NightGate::known() {
  if (!early_) return false;
  if (early_->gate_is_due()) early_->gate_answered(decision().answer);
  return early_->over();
}

// A scenario without a campaign yet is a name that the store does not know, which gather() refuses;
// decide() says of it that it was never tried.
gate::Decision NightGate::decision() {
  const auto campaigns = store_.batch(batch_);
  gate::Policy tried = policy_;
  std::erase_if(tried.scenarios, [&](const std::string& name) {
    return std::ranges::find(campaigns, name, &store::Campaign::scenario) == campaigns.end();
  });
  if (tried.scenarios.empty()) return gate::decide(policy_, {});
  return gate::decide(policy_, gate::gather(store_, tried, {.batch = batch_}));
}

std::string NightGate::standing() const { return early_ ? gate::to_text(*early_) : ""; }

void take_policy(SoakOptions& options, const std::string& file) {
  static_cast<void>(gate::read_policy(file));  // so that what is wrong with it is said first
  options.policy = file;
  options.policy_text = read_text(file);
}

std::optional<gate::Policy> policy_of(const SoakOptions& options, const NightParts& parts) {
  if (options.policy.empty()) return std::nullopt;
  gate::Policy policy = gate::parse_policy(options.policy_text, options.policy);
  std::vector<std::string> here;
  for (const campaign::Entry& each : parts.night.entries) here.push_back(each.scenario);
  for (const LeftOut& each : parts.left_out) here.push_back(each.scenario);
  for (const std::string& name : policy.scenarios) {
    if (std::ranges::find(here, name) != here.end()) continue;
    throw base::UsageError(
        fmt::format("{}: the policy is about scenario '{}', which this soak does not run, so that "
                    "it could never be accepted; name it as well (there are: {})",
                    options.policy, name, base::joined(here)));
  }
  return policy;
}

}  // namespace rig::cli
