// Scenarios of a user's own firmware: files in place of a manifest, the update staged in the flash.
#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/plan.h"
#include "scenario/runner.h"
#include "scenario/scenario.h"
#include "unit/scenario/bench_files.h"

namespace rig::scenario {
namespace {

using std::chrono::seconds;
using test::BenchFiles;
using test::complaint_of;

const char* const kPlanted = R"(scenario: own
device: electron
board:
  kind: sim
  flash:
    - boot.elf
    - {file: slot.bin, at: 0x08020000}
provision: {user_app: v1}
update: {user_app: v2}
cut: {sweep: flash-op, domains: [board]}
expect: {user_app: {any: [v2]}}
)";

class PlantedScenario : public BenchFiles {
 protected:
  void SetUp() override {
    BenchFiles::SetUp();
    write("scenarios/boot.elf", "beside the scenario");
    write("firmware/boot.elf", "of the build");
    write("firmware/slot.bin", "of the build");
  }
  [[nodiscard]] Scenario load_text(const std::string& text) const {
    return load(write("scenarios/own.yaml", text), library());
  }
  [[nodiscard]] std::string complaint_with(const std::string& what, const std::string& by) const {
    std::string text = kPlanted;
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), by);
    const std::string said = complaint_of([&] { static_cast<void>(load_text(text)); });
    const auto name = said.find("own.yaml");
    return name == std::string::npos ? said : said.substr(name);
  }
};

TEST_F(PlantedScenario, FilesAreBesideTheScenarioOrInTheBuild) {
  const Scenario scenario = load_text(kPlanted);
  ASSERT_EQ(scenario.board.flash.size(), 2U);
  EXPECT_EQ(scenario.board.flash[0].file, root_ / "scenarios/boot.elf");
  EXPECT_EQ(scenario.board.flash[0].at, std::nullopt);
  EXPECT_TRUE(scenario.board.flash[0].where.ends_with("own.yaml:6:7"));
  EXPECT_EQ(scenario.board.flash[1].file, root_ / "firmware/slot.bin");
  EXPECT_EQ(scenario.board.flash[1].at, 0x08020000U);
}

TEST_F(PlantedScenario, WhatCannotBePlantedIsRefusedWithItsPlace) {
  EXPECT_TRUE(complaint_with("- boot.elf", "- boat.elf").starts_with("own.yaml:6:7: no file"));
  EXPECT_TRUE(complaint_with("at: 0x08020000", "at: 134348800")
                  .starts_with("own.yaml:7:28: expected an address"));
  EXPECT_TRUE(complaint_with("at: 0x08020000", "at: 0x108020000")
                  .starts_with("own.yaml:7:28: expected an address"));
  const std::string unknown = complaint_with("at: 0x08020000", "from: 0x08020000");
  EXPECT_TRUE(unknown.starts_with("own.yaml:7:24")) << unknown;
  EXPECT_NE(complaint_with("provision:", "sim_card: third-party\nprovision:").find("no modem"),
            std::string::npos);
  EXPECT_NE(complaint_with("[board]", "[board, modem]").find("write domains: [board]"),
            std::string::npos);
}

TEST_F(PlantedScenario, ProfileAndChipAreOnTheShelfOrBesideTheScenario) {
  write("scenarios/console.yaml", "console: [{match: '^on (?P<user>\\d)', event: online}]\n");
  write("fixtures/mcus/chip.yaml", "what it says is read by board/mcu_file.h");
  std::string text = kPlanted;
  text.replace(text.find("device: electron"), 16, "device: console.yaml");
  text.replace(text.find("  kind: sim"), 11, "  kind: sim\n  mcu: chip");
  const Scenario scenario = load_text(text);
  EXPECT_EQ(scenario.board.mcu, root_ / "fixtures/mcus/chip.yaml");
  const DeviceProfile profile = load_device_profile(library(), scenario.device);
  ASSERT_TRUE(profile.observe("on 2"));
  EXPECT_EQ(profile.observe("on 2")->text, "online user=2");
  EXPECT_NE(complaint_with("kind: sim", "kind: sim\n  mcu: chap").find("5:8: no MCU description"),
            std::string::npos);
  EXPECT_NE(complaint_with("kind: sim", "kind: sim\n  mcu: a.yaml").find("5:8: no file 'a.yaml'"),
            std::string::npos);
}

record::Event console(base::Instant at, const std::string& text) {
  return {.at = at,
          .lane = record::Lane::console,
          .kind = record::EventKind::line,
          .address = 0,
          .value = 0,
          .text = text};
}

TEST_F(PlantedScenario, TheUpdateIsUnderWayFromTheFirstPowerOn) {
  const Scenario scenario = load_text(kPlanted);
  const DeviceProfile profile("own", {{"^online (?P<user>\\d)", "online", " mode=normal", ""}});
  record::CutPlan cut;
  cut.trigger = record::FlashOpTrigger{1, record::OpMoment::during};
  Runner runner(plan_of(scenario, cut, 1), profile);
  std::vector<std::size_t> order;
  for (const Action& action : runner.begin({})) order.push_back(action.index());
  const auto place = [&](const Action& action) {
    return std::find(order.begin(), order.end(), action.index()) - order.begin();
  };
  EXPECT_LT(place(Offer{}), place(PowerOn{}));
  EXPECT_LT(place(ArmFlashOp{}), place(PowerOn{}));
  EXPECT_LT(place(PowerOn{}), static_cast<std::ptrdiff_t>(order.size()));
  // The old version is no news; the cut comes with the first operation of all.
  EXPECT_TRUE(std::ranges::none_of(
      runner.step(console(base::Instant(seconds(1)), "online 1")),
      [](const Action& action) { return std::holds_alternative<Offer>(action); }));
  const Actions fired = runner.trigger_fired(base::Instant(seconds(2)));
  EXPECT_TRUE(std::ranges::any_of(
      fired, [](const Action& action) { return std::holds_alternative<CutNow>(action); }));
}

TEST_F(PlantedScenario, OnlyTheBoardIsPowered) {
  const DeviceProfile profile("own", {});
  Runner runner(plan_of(load_text(kPlanted), std::nullopt, 1), profile);
  for (const Action& action : runner.begin({})) {
    if (const auto* on = std::get_if<PowerOn>(&action)) {
      EXPECT_TRUE(on->which.board);
      EXPECT_FALSE(on->which.modem);
    }
  }
}

}  // namespace
}  // namespace rig::scenario
