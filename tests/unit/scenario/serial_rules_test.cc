// Scenarios for real boards: what they need less, and what is refused with its reason.
#include "scenario/serial_rules.h"

#include <gtest/gtest.h>

#include "unit/scenario/bench_files.h"

namespace rig::scenario {
namespace {

using test::complaint_of;

class SerialScenario : public test::BenchFiles {
 protected:
  [[nodiscard]] Scenario load_with(const std::string& more) const {
    return load(write("scenarios/real.yaml",
                      "scenario: real\n"
                      "device: electron\n"
                      "board: {kind: serial}\n"
                      "provision: {user_app: v1, command: [flash, it], timeout: 5s}\n"
                      "expect: {user_app: {any: [v7]}}\n" +
                          more),
                library());
  }
  [[nodiscard]] std::string complaint(const std::string& more) const {
    return complaint_of([&] { static_cast<void>(load_with(more)); });
  }
};

const std::string kUpdate =
    "update: {user_app: v7, trigger: {command: [go, '{user}'], env: {A: b}}}\n";

TEST_F(SerialScenario, NeedsNoManifestNoCardAndNoLink) {
  const Scenario scenario = load_with(kUpdate +
                                      "clean_reboots: {count: 1, settle: 300ms, off_for: 400ms}\n"
                                      "cut: {at: phase, phase: applying, domains: [board]}\n");
  EXPECT_EQ(scenario.update.target.user, 7);
  EXPECT_EQ(scenario.update.trigger->argv, (std::vector<std::string>{"go", "{user}"}));
  EXPECT_EQ(scenario.update.trigger->timeout, std::chrono::seconds(60));
  EXPECT_EQ(scenario.update.trigger->env.at("A"), "b");
  EXPECT_EQ(scenario.provision.program->timeout, std::chrono::seconds(5));
  EXPECT_EQ(scenario.clean_reboots, 1U);
  EXPECT_EQ(scenario.reboot_times.settle, std::chrono::milliseconds(300));
  EXPECT_EQ(scenario.reboot_times.off_for, std::chrono::milliseconds(400));
}

TEST_F(SerialScenario, RefusesWhatOnlyASimulationCanDo) {
  EXPECT_NE(complaint(kUpdate + "cut: {at: flash-op, op: 5}\n")
                .find("real.yaml:7:6: a relay cannot hit a flash operation"),
            std::string::npos);
  EXPECT_NE(complaint(kUpdate + "cut: {at: time, after: 2s, torn: {prefix: 1}}\n")
                .find("the silicon decides"),
            std::string::npos);
  EXPECT_NE(complaint(kUpdate + "cut: {sweep: flash-op}\n").find("a sweep runs on board kind sim"),
            std::string::npos);
  EXPECT_NE(complaint(kUpdate + "watchdog: {period: 10min}\n").find("supervisor"),
            std::string::npos);
  EXPECT_NE(complaint("update: {user_app: v7}\n").find("trigger: {command:"), std::string::npos);
}

TEST_F(SerialScenario, ALinkAndItsBytesNeedAPathThroughTheRig) {
  const Scenario scenario = load_with(kUpdate + "link: {profile: gprs}\n");
  const Scenario unshaped = load_with(kUpdate);
  BenchBoard board;
  board.name = "lab";
  record::CutPlan cut;
  cut.trigger = record::BytesTrigger{};
  const auto refused = why_not_on(board, scenario, std::nullopt);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->key, "link");
  EXPECT_NE(refused->why.find("leave 'link' out"), std::string::npos) << refused->why;
  ASSERT_TRUE(why_not_on(board, unshaped, cut));
  EXPECT_NE(why_not_on(board, unshaped, cut)->why.find("by phase"), std::string::npos);
  board.link = LinkSpec{};
  EXPECT_FALSE(why_not_on(board, scenario, std::nullopt));
  EXPECT_FALSE(why_not_on(board, scenario, cut));
  Scenario relayed = scenario;
  relayed.relay.emplace();
  EXPECT_EQ(why_not_on(board, relayed, std::nullopt)->key, "relay");
  board.link->engine = LinkEngine::netem;  // whose packets stay in the kernel
  EXPECT_FALSE(why_not_on(board, scenario, std::nullopt));
  EXPECT_EQ(why_not_on(board, scenario, cut)->key, "cut");
}

// A soak draws its cuts from the phases of the update; a single run needs one cut.
TEST_F(SerialScenario, ASweepInTimeIsForASoak) {
  const Scenario scenario = load_with(kUpdate + "cut: {sweep: time, domains: [board]}\n");
  const BenchBoard board;
  EXPECT_NE(why_not_on(board, scenario, std::nullopt)->why.find("otarig soak"), std::string::npos);
  EXPECT_FALSE(why_not_one_on(board, scenario, std::nullopt));
  record::CutPlan cut;
  cut.trigger = record::PhaseTrigger{.phase = "applying", .leaving = false};
  EXPECT_FALSE(why_not_one_on(board, scenario, cut));
  cut.trigger = record::FlashOpTrigger{};
  EXPECT_EQ(why_not_one_on(board, scenario, cut)->key, "cut");
}

TEST_F(SerialScenario, AModemCutNeedsItsDomainAndAProof) {
  const Scenario scenario = load_with(kUpdate);
  BenchBoard board;
  record::CutPlan cut;
  cut.trigger = record::TimeTrigger{};
  cut.domains = {.board = false, .modem = true};
  EXPECT_TRUE(why_not_on(board, scenario, cut));
  board.power.modem.push_back({});
  EXPECT_TRUE(why_not_on(board, scenario, cut));
  cut.domains.board = true;
  EXPECT_FALSE(why_not_on(board, scenario, cut));
  board.power.modem_sense = ChannelSpec{};
  cut.domains.board = false;
  EXPECT_FALSE(why_not_on(board, scenario, cut));
  EXPECT_FALSE(why_not_on(board, scenario, std::nullopt));
}

TEST_F(SerialScenario, WhereTheRigIsTheModemItsBytesAndItsPowerAreTheRigs) {
  Scenario scenario = load_with(kUpdate);
  scenario.update.trigger.reset();
  record::CutPlan cut;
  cut.trigger = record::BytesTrigger{};
  cut.domains = {.board = false, .modem = true};
  BenchBoard board;
  EXPECT_EQ(why_not_on(board, scenario, cut)->key, "update");
  board.modem_port = ModemPortSpec{};
  EXPECT_EQ(why_not_on(board, scenario, cut)->key, "board");  // no images to serve
  scenario.board.firmware = "electron-0.7.0";
  EXPECT_FALSE(why_not_on(board, scenario, cut));
  cut.trigger = record::FlashOpTrigger{};
  EXPECT_EQ(why_not_on(board, scenario, cut)->key, "cut");
}

TEST_F(SerialScenario, APortThatIsNotPlantedNeedsAProgramThatProvisions) {
  Scenario scenario = load_with(kUpdate);
  BenchBoard board;
  board.probe.emplace().built_for = "emcraft-sf2";
  scenario.provision.program.reset();
  const auto obstacle = why_not_on(board, scenario, std::nullopt);
  ASSERT_TRUE(obstacle);
  EXPECT_EQ(obstacle->key, "provision");
  EXPECT_NE(obstacle->why.find("built for emcraft-sf2"), std::string::npos);
  scenario.provision.program.emplace().argv = {"true"};
  EXPECT_FALSE(why_not_on(board, scenario, std::nullopt));
  board.probe->built_for = kPlantedPort;
  scenario.provision.program.reset();
  EXPECT_FALSE(why_not_on(board, scenario, std::nullopt));
}

}  // namespace
}  // namespace rig::scenario
