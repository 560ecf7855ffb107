#include "scenario/plan.h"

#include <fmt/core.h>

namespace rig::scenario {

std::string to_text(const ota::Target& target) {
  std::string text;
  const auto add = [&text](const char* name, std::optional<std::uint16_t> version) {
    if (version) {
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, *version);
    }
  };
  add("user", target.user);
  add("system", target.system);
  add("bootloader", target.bootloader);
  return text;
}

record::Contract contract_of(const Scenario& scenario, const std::optional<record::CutPlan>& cut) {
  const ota::Target& target = scenario.update.target;
  return {
      .user_app = scenario.expect.user_app,
      .apn = scenario.expect.apn,
      .start = scenario.start,
      .target = {.user = target.user, .system = target.system, .bootloader = target.bootloader},
      .second_user = scenario.second_update,
      .online_within = scenario.expect.online_within,
      .update_finishes_within = scenario.expect.update_finishes_within,
      .allowed_verdicts = scenario.expect.allowed,
      .cut = cut ? std::optional(cut->domains) : std::nullopt,
      .clean_reboots = scenario.clean_reboots,
  };
}

CyclePlan plan_of(const Scenario& scenario, std::optional<record::CutPlan> cut,
                  std::uint64_t seed) {
  CyclePlan plan{.scenario = scenario.id,
                 .seed = seed,
                 .cut = cut,
                 .contract = contract_of(scenario, cut),
                 .update = scenario.update.target,
                 .second_update = std::nullopt,
                 .reboot_times = scenario.reboot_times,
                 .staged = !scenario.board.flash.empty(),
                 .supplies = {.board = true, .modem = scenario.board.flash.empty()}};
  if (scenario.second_update) {
    plan.second_update =
        ota::Target{.user = scenario.second_update, .system = {}, .bootloader = {}};
  }
  return plan;
}

}  // namespace rig::scenario
