#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/asking.h"
#include "cli/evidence_commands.h"
#include "gate/gather.h"
#include "gate/telling.h"

namespace rig::cli {
namespace {

void refuse_both(const std::string& policy, const std::string& option, bool given) {
  if (!given) return;
  throw base::UsageError(fmt::format(
      "gate: {} is the policy's affair; write it into {} or leave --policy out", option, policy));
}

}  // namespace

void GateCommand::run(Invocation& invocation) const {
  gate::Policy policy;
  if (!policy_.empty()) {
    refuse_both(policy_, "a scenario", !scenarios_.empty());
    refuse_both(policy_, "--max-rate", !max_rate_.empty());
    refuse_both(policy_, "--confidence", !confidence_.empty());
    policy = gate::read_policy(policy_);
  } else {
    if (scenarios_.empty() || max_rate_.empty()) {
      throw base::UsageError("gate: name scenarios and --max-rate, or a --policy file");
    }
    for (const std::string& each : scenarios_) {
      policy.scenarios.push_back(stored_scenario_name(each));
    }
    policy.max_rate = share_from("--max-rate", max_rate_);
    if (!confidence_.empty()) policy.confidence = share_from("--confidence", confidence_);
  }
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const gate::Evidence evidence = gate::gather(
      store, policy, {.batch = batch_, .since_unix_us = instant_from("--since", since_)});
  const gate::Decision decision = gate::decide(policy, evidence);
  fmt::print("{}", invocation.json ? gate::to_json(decision) + "\n" : gate::to_text(decision));
  invocation.exit_code = gate::exit_code_of(decision.answer);
}

}  // namespace rig::cli
