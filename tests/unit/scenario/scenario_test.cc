#include "scenario/scenario.h"

#include <gtest/gtest.h>

#include "scenario/plan.h"
#include "unit/scenario/bench_files.h"

namespace rig::scenario {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::BenchFiles;
using test::complaint_of;

const char* const kGood = R"(scenario: electron-third-party-sim
title: A title
story: What happens.
labels: {bootloader: 0.7.0, sim: third-party}
device: electron
board: {kind: sim, firmware: electron-0.7.0, hold_up: 5ms, vbat: true, modem: sara-r410}
sim_card: third-party
provision: {user_app: v1, apn: iot.example.net}
update: {system: 0.7.0, user_app: v2, bootloader: 2.0.0,
         mode: confirmed, chunk_interval: 50ms, offers: 3}
second_update: {user_app: v2}
clean_reboots: 5
link: {profile: gprs}
cut: {sweep: flash-op, points: 60, torn: [old, partial-erase], domains: [board, modem], off_for: 3s}
seed: 99
expect:
  user_app: {any: [v1, v2], applying: [v2, factory]}
  apn: iot.example.net
  online_within: 2min
  update_finishes_within: 20min
  allowed: {applying: [resumed, retried]}
)";

class ScenarioFile : public BenchFiles {
 protected:
  [[nodiscard]] Scenario load_text(const std::string& text) const {
    return load(write("scenarios/electron/case.yaml", text), library());
  }
  // The good file with one thing replaced; the complaint without the folder in front.
  [[nodiscard]] std::string complaint_with(const std::string& what, const std::string& by) const {
    std::string text = kGood;
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), by);
    std::string said = complaint_of([&] { static_cast<void>(load_text(text)); });
    const auto name = said.find("case.yaml");
    return name == std::string::npos ? said : said.substr(name);
  }
};

TEST_F(ScenarioFile, ImagesOverHttpAndTheModemsTransport) {
  std::string text = kGood;
  text.replace(text.find("offers: 3"), 9, R"(http: {port: 8080, path: /os/, ranges: false, faults: [
    {status: 503, retry_after: 30s, requests: 2}, {redirect: /os/3, first: 3},
    {content_length: -5}, {stall: 27KB, for: 10min}, {truncate: 100}, {slow: 320bit/s}]})");
  text.replace(text.find("modem: sara-r410"), 16,
               "tcp: {stack: lwip, window_segments: 6, first_timeout: 5s}");
  text.replace(text.find("mode: confirmed"), 15, "mode: fetched");
  const Scenario s = load_text(text);
  ASSERT_TRUE(s.update.http);
  EXPECT_EQ(s.update.http->port, 8080);
  EXPECT_EQ(s.update.http->path, "/os/");
  EXPECT_FALSE(s.update.http->ranges);
  const auto& faults = s.update.http->faults;
  ASSERT_EQ(faults.size(), 6U);
  EXPECT_EQ(faults[0].retry_after, seconds(30));
  EXPECT_TRUE(faults[0].concerns(2));
  EXPECT_FALSE(faults[0].concerns(3));
  EXPECT_EQ(faults[1].location, "/os/3");
  EXPECT_FALSE(faults[1].concerns(2));
  EXPECT_EQ(faults[2].off, -5);
  EXPECT_EQ(faults[3].pause, minutes(10));
  EXPECT_EQ(faults[4].bytes, 100U);
  EXPECT_EQ(faults[5].bytes, 40U);
  EXPECT_EQ(s.board.transport.window, 6 * 536);
  EXPECT_EQ(s.board.transport.first_timeout, seconds(5));
}

TEST_F(ScenarioFile, HttpThatMakesNoSenseIsRefusedWithItsPlace) {
  const auto with_fault = [this](const std::string& fault) {
    return complaint_with("offers: 3", "http: {faults: [" + fault + "]}");
  };
  EXPECT_NE(with_fault("{stall: 1KB, reset: 2KB}").find("a fault does one thing"),
            std::string::npos);
  EXPECT_NE(with_fault("{}").find("a fault does one thing"), std::string::npos);
  EXPECT_NE(with_fault("{status: 200}").find("from 400 to 599"), std::string::npos);
  EXPECT_NE(with_fault("{content_length: x}").find("as in +100"), std::string::npos);
  EXPECT_NE(with_fault("{slow: 1bit/s}").find("at least 8bit/s"), std::string::npos);
  EXPECT_NE(with_fault("{reset: 1KB, for: 1s}").find("for"), std::string::npos);
  EXPECT_NE(with_fault("{redirect: nowhere}").find("write /imp/3"), std::string::npos);
  EXPECT_EQ(with_fault("{status: 200}").substr(0, 13), "case.yaml:10:");
  EXPECT_NE(complaint_with("offers: 3", "http: {}").find("{mode: fetched, http: {}}"),
            std::string::npos);
  EXPECT_NE(complaint_with("mode: confirmed", "mode: fetched").find("{mode: fetched, http: {}}"),
            std::string::npos);
  EXPECT_NE(complaint_with("modem: sara-r410", "tcp: {window_segments: 0}").find("from 1 to 122"),
            std::string::npos);
}

TEST_F(ScenarioFile, ARelayHasAPathOfItsOwnAndCarriesTcp) {
  std::string text = kGood;
  text.replace(text.find("offers: 3"), 9, "http: {}");
  text.replace(text.find("mode: confirmed"), 15, "mode: fetched");
  EXPECT_FALSE(load_text(text).relay);
  text.replace(text.find("cut:"), 0, "relay: {mss: 536, link: {profile: gprs, up: {delay: 9s}}}\n");
  const Scenario s = load_text(text);
  ASSERT_TRUE(s.relay);
  EXPECT_EQ(s.relay->mss, 536);
  EXPECT_EQ(s.relay->link.up.rate_bps, 50'000);
  EXPECT_EQ(s.relay->link.up.delay, seconds(9));
  EXPECT_NE(s.link.up.delay, seconds(9));
  const std::string link = "link: {profile: gprs}";
  EXPECT_NE(complaint_with(link, "relay: {link: {profile: gprs}}").find("a relay carries TCP"),
            std::string::npos);
  EXPECT_NE(complaint_with(link, "relay: {mss: 536}").find("name the path beyond the relay"),
            std::string::npos);
  EXPECT_NE(complaint_with(link, "relay: {mss: 0, link: {profile: gprs}}").find("from 28 to 1460"),
            std::string::npos);
}

TEST_F(ScenarioFile, EveryKeyIsRead) {
  const Scenario s = load_text(kGood);
  EXPECT_EQ(s.id, "electron/case");
  EXPECT_EQ(s.name, "electron-third-party-sim");
  EXPECT_EQ(s.title, "A title");
  EXPECT_EQ(s.story, "What happens.");
  EXPECT_EQ(s.labels.at("sim"), "third-party");
  EXPECT_EQ(s.board.hold_up, milliseconds(5));
  EXPECT_TRUE(s.board.vbat);
  EXPECT_EQ(s.board.modem, modem::Model::sara_r410);
  EXPECT_EQ(s.sim_card.apn, "iot.example.net");
  EXPECT_EQ(s.provision.user_app, 1);
  EXPECT_EQ(s.start.user, 1);
  EXPECT_EQ(s.start.system, 604);
  EXPECT_EQ(s.update.target.user, 2);
  EXPECT_EQ(s.update.target.system, 700);
  EXPECT_EQ(s.update.target.bootloader, 2000);
  EXPECT_EQ(s.update.mode, ota::TransferMode::confirmed);
  EXPECT_EQ(s.update.offers, 3U);
  EXPECT_EQ(s.second_update, 2);
  EXPECT_EQ(s.clean_reboots, 5U);
  EXPECT_EQ(s.link.up.rate_bps, 50'000);
  EXPECT_EQ(s.seed, 99U);
  const auto sweep = std::get<Sweep>(s.cut);
  EXPECT_EQ(sweep.points, 60U);
  EXPECT_EQ(sweep.torn,
            (std::vector{record::TornKind::old_state, record::TornKind::partial_erase}));
  EXPECT_EQ(sweep.domains, (record::Domains{true, true}));
  EXPECT_EQ(sweep.off_for, seconds(3));
  EXPECT_EQ(s.expect.user_app.by_phase.at("applying"), (std::vector<std::uint16_t>{2, 0}));
  EXPECT_EQ(s.expect.online_within, minutes(2));
  EXPECT_EQ(s.expect.allowed.at("applying").front(), record::Verdict::resumed);
}

TEST_F(ScenarioFile, DefaultsOfAMinimalFile) {
  const Scenario s = load_text(R"(scenario: small
device: electron
board: {kind: sim, firmware: electron-0.7.0}
sim_card: third-party
provision: {user_app: v1}
update: {user_app: v2}
expect: {}
)");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(s.cut));
  EXPECT_EQ(s.title, "small");
  EXPECT_EQ(s.second_update, 3);
  EXPECT_EQ(s.clean_reboots, 3U);
  EXPECT_EQ(s.expect.apn, "iot.example.net");
  EXPECT_EQ(s.link.name, "ideal");
  EXPECT_FALSE(s.watchdog.has_value());
}

TEST_F(ScenarioFile, PlanCarriesTheContract) {
  const Scenario s = load_text(kGood);
  record::CutPlan cut;
  cut.domains = {false, true};
  const CyclePlan plan = plan_of(s, cut, 5);
  EXPECT_EQ(plan.scenario, "electron/case");
  EXPECT_EQ(plan.seed, 5U);
  EXPECT_EQ(plan.contract.cut, (record::Domains{false, true}));
  EXPECT_EQ(plan.contract.second_user, 2);
  EXPECT_EQ(plan.contract.start.user, 1);
  EXPECT_EQ(plan.contract.clean_reboots, 5U);
  EXPECT_EQ(to_text(plan.update), "user=2 system=700 bootloader=2000");
  EXPECT_FALSE(plan_of(s, std::nullopt, 5).contract.cut.has_value());
}

TEST_F(ScenarioFile, OneCutOfEveryKind) {
  const auto cut_of = [this](const std::string& cut) {
    std::string text = kGood;
    const auto from = text.find("cut: {");
    text.replace(from, text.find('\n', from) - from, "cut: " + cut);
    return std::get<record::CutPlan>(load_text(text).cut);
  };
  EXPECT_EQ(record::to_text(cut_of("{at: flash-op, op: 7, moment: after, torn: {prefix: 1}}")),
            "flash-op=7.after:torn=prefix.1:cut=board:off=2000ms");
  EXPECT_EQ(record::to_text(cut_of("{at: time, after: 12s, dither: 1s, domains: [modem]}")),
            "time=12000ms:torn=old:cut=modem:off=2000ms:dither=1000ms");
  EXPECT_EQ(record::to_text(cut_of("{at: phase, phase: applying, leaving: true, offset: 1ms}")),
            "phase=applying.left:torn=old:cut=board:off=2000ms:offset=1ms");
  EXPECT_EQ(record::to_text(cut_of("{at: console, pattern: '^boot', match: 2, off_for: 1s}")),
            "console=%5eboot.2:torn=old:cut=board:off=1000ms");
  EXPECT_EQ(record::to_text(cut_of("{at: bytes, direction: up, bytes: 1KB, torn: new}")),
            "bytes=up.1024:torn=new:cut=board:off=2000ms");
}

TEST_F(ScenarioFile, UnknownKeysNameTheirPlaceAndTheNearest) {
  EXPECT_EQ(complaint_with("sim_card: third", "sim_kard: third"),
            "case.yaml:7:1: unknown key 'sim_kard'. Did you mean 'sim_card'?");
  EXPECT_NE(complaint_with("offers: 3", "ofers: 3").find("Did you mean 'offers'?"),
            std::string::npos);
  EXPECT_NE(complaint_with("offers: 3", "ofers: 3").find("case.yaml:10:"), std::string::npos);
  EXPECT_NE(complaint_with("seed: 99", "seed: 99\nseed: 100").find("second time"),
            std::string::npos);
}

TEST_F(ScenarioFile, MissingNamesListTheFolderAndWhatIsThere) {
  const std::string sim = complaint_with("sim_card: third-party", "sim_card: third-parti");
  EXPECT_EQ(sim.find("case.yaml:7:11: no SIM card 'third-parti' in "), 0U) << sim;
  EXPECT_NE(sim.find("fixtures/sim-cards; there are: third-party. Did you mean"), std::string::npos)
      << sim;
  EXPECT_NE(complaint_with("profile: gprs", "profile: 5g").find("no link profile '5g' in "),
            std::string::npos);
  EXPECT_NE(complaint_with("device: electron", "device: photon").find("no device profile 'photon'"),
            std::string::npos);
  const std::string firmware = complaint_with("firmware: electron-0.7.0", "firmware: electron-0.9");
  EXPECT_EQ(firmware.find("case.yaml:6:30: no firmware 'electron-0.9' in "), 0U) << firmware;
  EXPECT_NE(firmware.find("there are: electron-0.7.0"), std::string::npos);
}

TEST_F(ScenarioFile, NamesNeverLeaveTheirFolder) {
  EXPECT_NE(complaint_with("profile: gprs", "profile: ../sim-cards/third-party").find("no link"),
            std::string::npos);
}

TEST_F(ScenarioFile, UnitsAndTypes) {
  EXPECT_NE(complaint_with("off_for: 3s", "off_for: 3")
                .find("'3' is no duration; write a number with us, ms, s, min or h"),
            std::string::npos);
  EXPECT_NE(complaint_with("off_for: 3s", "off_for: -3s").find("is no duration"),
            std::string::npos);
  EXPECT_NE(complaint_with("points: 60", "points: many").find("expected a whole number from 1"),
            std::string::npos);
  EXPECT_NE(complaint_with("vbat: true", "vbat: yes").find("expected true or false"),
            std::string::npos);
  EXPECT_NE(complaint_with("[board, modem]", "board").find("expected a list"), std::string::npos);
  EXPECT_NE(complaint_with("[board, modem]", "[]").find("cuts nothing"), std::string::npos);
  EXPECT_NE(complaint_with("{profile: gprs}", "gprs").find("expected a map"), std::string::npos);
  EXPECT_NE(complaint_with("[old, partial-erase]", "[old, melted]").find("unknown 'melted'"),
            std::string::npos);
}

TEST_F(ScenarioFile, VersionsMustExistInTheFirmware) {
  const std::string said = complaint_with("user_app: v2, boot", "user_app: v9, boot");
  EXPECT_EQ(said.find("case.yaml:9:35: firmware 'electron-0.7.0' has no version 'v9' of this "
                      "module; it has: v1, v2, v3."),
            0U)
      << said;
  EXPECT_NE(complaint_with("system: 0.7.0", "system: 0.8.0").find("it has: 0.6.4, 0.7.0"),
            std::string::npos);
}

TEST_F(ScenarioFile, MissingKeysSayWhatToWrite) {
  EXPECT_NE(complaint_with("device: electron\n", "")
                .find("key 'device' is missing; name a device profile"),
            std::string::npos);
  EXPECT_NE(complaint_with("user_app: v1, ", "").find("key 'user_app' is missing"),
            std::string::npos);
}

TEST_F(ScenarioFile, ContradictionsAreRefused) {
  EXPECT_NE(complaint_with("  apn: iot.example.net", "  apn: other.net").find("accepts only"),
            std::string::npos);
  EXPECT_NE(complaint_with("seed: 99", "watchdog: {period: 10min}").find("keep one"),
            std::string::npos);
  EXPECT_NE(complaint_with("seed: 99", "watchdog: {period: 0}").find("period of 0"),
            std::string::npos);
  EXPECT_NE(complaint_with("kind: sim", "kind: qemu").find("expected one of: sim, serial"),
            std::string::npos);
  EXPECT_NE(complaint_with("kind: sim", "kind: serial").find("unknown key 'hold_up'"),
            std::string::npos);
  EXPECT_NE(complaint_with("{sweep: flash-op, ", "{sweep: flash-op, at: time, ").find("either one"),
            std::string::npos);
  EXPECT_NE(
      complaint_with("allowed: {applying: [resumed, retried]}", "allowed: {applying: [bricked]}")
          .find("unknown 'bricked'"),
      std::string::npos);
}

TEST_F(ScenarioFile, BrokenFiles) {
  EXPECT_NE(complaint_of([&] {
              static_cast<void>(load(root_ / "nowhere.yaml", library()));
            }).find("cannot read"),
            std::string::npos);
  EXPECT_NE(
      complaint_of([&] { static_cast<void>(load_text("a: [1, 2\nb: }")); }).find("this is no YAML"),
      std::string::npos);
  EXPECT_NE(complaint_of([&] { static_cast<void>(load_text("")); }).find("expected a map"),
            std::string::npos);
  EXPECT_NE(complaint_of([&] { static_cast<void>(load_text("- 1\n- 2\n")); }).find("found a list"),
            std::string::npos);
  const std::string bad = R"(cut: {at: console, pattern: '(', match: 1})";
  std::string text = kGood;
  const auto from = text.find("cut: {");
  text.replace(from, text.find('\n', from) - from, bad);
  EXPECT_NE(complaint_of([&] {
              static_cast<void>(load_text(text));
            }).find("case.yaml:14:29: '(' is no regular expression"),
            std::string::npos);
}

// Whatever stands in a file is refused with a message, never with a crash.
TEST_F(ScenarioFile, TruncatedFilesAreRefusedOrRead) {
  const std::string good = kGood;
  int refused = 0;
  for (std::size_t length = 0; length < good.size(); length += 7) {
    refused +=
        complaint_of([&] { static_cast<void>(load_text(good.substr(0, length))); }).empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 80);
}

// The scenarios that ship must name fixtures that ship; versions are checked against a manifest of
// the same shape as the firmware build's.
TEST_F(ScenarioFile, ShippedScenariosAreReadable) {
  const std::filesystem::path source = OTARIG_SOURCE_DIR;
  const Library shipped{.fixtures = source / "fixtures",
                        .firmware = root_ / "firmware",
                        .scenarios = source / "scenarios"};
  for (const char* base : {"0.6.4", "0.7.0", "2.0.0"}) {
    write("firmware/electron-" + std::string(base) + ".json", test::kManifest);
    for (const char* mitigation :
         {"apn-in-flash", "factory-sets-apn", "default-apn-list", "feed-watchdog"}) {
      write("firmware/electron-" + std::string(base) + "-" + mitigation + ".json", test::kManifest);
    }
  }
  int loaded = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source / "scenarios/electron")) {
    if (entry.path().extension() == ".yaml") {
      const Scenario scenario = load(entry.path(), shipped);
      EXPECT_EQ(scenario.id, "electron/" + entry.path().stem().string());
      EXPECT_FALSE(scenario.story.empty());
      ++loaded;
    }
  }
  EXPECT_GE(loaded, 24);
  for (const auto& entry :
       std::filesystem::directory_iterator(source / "scenarios/electron/mutants")) {
    const std::string name = entry.path().stem().string();
    write("firmware/electron-mutant-" + name + ".json", test::kManifest);
    EXPECT_EQ(load(entry.path(), shipped).id, "electron/mutants/" + name);
  }
}

}  // namespace
}  // namespace rig::scenario
