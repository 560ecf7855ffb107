// What the tests of the runner plan: one update of the shipped electron.
#pragma once

#include <filesystem>
#include <optional>

#include "record/cut_plan.h"
#include "scenario/runner.h"

namespace rig::scenario::test {

// The electron's profile as it is shipped.
inline const DeviceProfile& profile() {
  static const DeviceProfile shipped =
      load_device_profile({.fixtures = std::filesystem::path(OTARIG_SOURCE_DIR) / "fixtures",
                           .firmware = {},
                           .scenarios = {}},
                          "electron");
  return shipped;
}

// Updates the user firmware 1 to 2 on a board of system 604, cut at `trigger` where one is given.
inline CyclePlan plan_with(std::optional<record::Trigger> trigger) {
  Scenario scenario;
  scenario.id = "electron/test";
  scenario.start.user = 1;
  scenario.start.system = 604;
  scenario.update.target.user = 2;
  scenario.update.target.system = 700;
  scenario.second_update = 3;
  scenario.expect.apn = "iot.example.net";
  scenario.expect.user_app.any = {1, 2};
  std::optional<record::CutPlan> cut;
  if (trigger) {
    cut.emplace();
    cut->trigger = *trigger;
    cut->domains = {true, true};
  }
  return plan_of(scenario, cut, 7);
}

}  // namespace rig::scenario::test
