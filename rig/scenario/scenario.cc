// From YAML to Scenario. The order of reading is the order of the keys in the README; the sections
// that are worth a file of their own are in scenario_sections.cc.
#include "scenario/scenario.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/rig_error.h"
#include "base/suggestion.h"
#include "scenario/fixtures.h"
#include "scenario/link_profile.h"
#include "scenario/scenario_sections.h"
#include "scenario/serial_rules.h"

namespace rig::scenario {
namespace {

namespace fs = std::filesystem;

std::string id_of(const fs::path& file, const Library& library) {
  const fs::path absolute = fs::weakly_canonical(file);
  const fs::path below = library.scenarios.empty()
                             ? fs::path{}
                             : absolute.lexically_relative(fs::weakly_canonical(library.scenarios));
  if (below.empty() || *below.begin() == "..") {
    return file.string();
  }
  return fs::path(below).replace_extension().generic_string();
}

std::string text_or(Section& section, const std::string& key, std::string otherwise) {
  const auto value = section.find(key);
  return value ? value->text() : otherwise;
}

// A name on a shelf, checked where it stands.
std::string name_on_shelf(const Value& value, const Library& library, Shelf shelf) {
  const std::string name = value.text();
  const std::string problem = why_missing(library, shelf, name);
  if (!problem.empty()) {
    value.fail(problem);
  }
  return name;
}

Provision provision_from(const Value& value, const FirmwareNames& firmware,
                         record::Versions& start) {
  Section section(value);
  Provision provision;
  const Value app = section.need("user_app", "name the version to start from, as in user_app: v1");
  provision.user_app = version_in_firmware(app, firmware.user_apps, firmware.name);
  start.user = provision.user_app;
  provision.apn = text_or(section, "apn", "");
  start.system = firmware.installed_system;
  if (const auto command = section.find("command")) {
    provision.program = program_in(section);
  }
  section.done();
  return provision;
}

std::optional<Watchdog> watchdog_from(const std::optional<Value>& value) {
  if (!value) {
    return std::nullopt;
  }
  Section section(*value);
  Watchdog watchdog;
  watchdog.period = section.need("period", "write period: 10min").duration();
  if (const auto domains = section.find("domains")) {
    watchdog.domains = domains_from(*domains);
  }
  if (const auto off_for = section.find("off_for")) {
    watchdog.off_for = off_for->duration();
  }
  if (watchdog.period <= base::Duration::zero()) {
    section.fail("a watchdog with a period of 0 never lets the board run; write period: 10min");
  }
  section.done();
  return watchdog;
}

link::Profile link_from(const std::optional<Value>& value, const Library& library) {
  if (!value) {
    return {};
  }
  Section section(*value);
  const Value name = section.need("profile", "name a link profile, as in profile: gprs");
  link::Profile profile = load_link(library, name_on_shelf(name, library, Shelf::link));
  apply_link_overrides(section, folder_of(library, Shelf::link), profile);
  section.done();
  return profile;
}

std::optional<RelaySpec> relay_from(const std::optional<Value>& value, const Library& library,
                                    const UpdateSpec& update) {
  if (!value) {
    return std::nullopt;
  }
  Section section(*value);
  RelaySpec relay;
  if (const auto mss = section.find("mss")) {
    relay.mss = static_cast<std::uint16_t>(mss->integer(28, 1460));
  }
  relay.link = link_from(
      section.need("link", "name the path beyond the relay, as in link: {profile: umts}"), library);
  section.done();
  if (!update.http) {
    section.fail(
        "a relay carries TCP, and this update uses none; write update: {mode: fetched, "
        "http: {}}, or leave 'relay' out");
  }
  return relay;
}

std::optional<std::uint16_t> second_update_from(const std::optional<Value>& value,
                                                const FirmwareNames& firmware) {
  if (!value) {
    const bool there = firmware.user_apps.contains("v3");
    return there ? std::optional(firmware.user_apps.at("v3")) : std::nullopt;
  }
  if (value->is_text() && value->text() == "none") {
    return std::nullopt;
  }
  Section section(*value);
  const Value app = section.need("user_app", "write second_update: {user_app: v3}, or none");
  section.done();
  return version_in_firmware(app, firmware.user_apps, firmware.name);
}

std::map<std::string, std::string> labels_from(const std::optional<Value>& value) {
  std::map<std::string, std::string> labels;
  if (value) {
    for (const auto& [key, text] : value->entries()) {
      labels[key] = text.text();
    }
  }
  return labels;
}

// A number, or {count: 3, settle: 5s, off_for: 2s}.
void read_reboots(const std::optional<Value>& value, Scenario& scenario) {
  constexpr std::uint64_t kMost = 100;
  if (!value) {
    return;
  }
  if (!value->is_map()) {
    scenario.clean_reboots = static_cast<std::uint32_t>(value->integer(0, kMost));
    return;
  }
  Section section(*value);
  if (const auto count = section.find("count")) {
    scenario.clean_reboots = static_cast<std::uint32_t>(count->integer(0, kMost));
  }
  if (const auto settle = section.find("settle")) {
    scenario.reboot_times.settle = settle->duration();
  }
  if (const auto off_for = section.find("off_for")) {
    scenario.reboot_times.off_for = off_for->duration();
  }
  section.done();
}

// Only a real board's own card may be unknown: the simulated network is made from it.
void read_sim_card(Section& root, const Library& library, Scenario& scenario) {
  if (const auto card = root.find("sim_card")) {
    scenario.sim_card = load_sim_card(library, name_on_shelf(*card, library, Shelf::sim_card));
  } else if (scenario.board.kind == "sim" && scenario.board.flash.empty()) {
    static_cast<void>(root.need("sim_card", "name a SIM card, as in sim_card: third-party"));
  }
}

// Shorter than real ones take, for cycles in real time; longer, for slow networks.
modem::NetworkSettings network_from(const std::optional<Value>& value) {
  modem::NetworkSettings network;
  if (!value) {
    return network;
  }
  Section section(*value);
  if (const auto boot = section.find("boot")) {
    network.boot_time = boot->duration();
  }
  for (auto [key, into] : {std::pair{"answer", &network.answer_time},
                           std::pair{"registration", &network.registration_time},
                           std::pair{"activation", &network.activation_time},
                           std::pair{"refusal", &network.refusal_time}}) {
    if (const auto time = section.find(key)) *into = time->duration();
  }
  section.done();
  return network;
}

// What only the simulated board can do is refused where it stands.
void check_serial(Section& root, const Scenario& scenario) {
  if (scenario.board.kind != "serial") {
    return;
  }
  const auto* cut = std::get_if<record::CutPlan>(&scenario.cut);
  const auto obstacle =
      why_not_serial(scenario, cut != nullptr ? std::optional(*cut) : std::nullopt);
  if (!obstacle) {
    return;
  }
  const auto at = root.find(obstacle->key);
  at ? at->fail(obstacle->why) : root.fail(obstacle->why);
}

// The device cannot pass with an APN that its card's network refuses.
void check_apn(Section& root, const Scenario& scenario) {
  if (!scenario.sim_card.name.empty() && scenario.expect.apn != scenario.sim_card.apn) {
    root.fail(fmt::format(
        "expect.apn is '{}', but the network of SIM card '{}' accepts only '{}'; no run could pass",
        scenario.expect.apn, scenario.sim_card.name, scenario.sim_card.apn));
  }
}

// A cut needs an update to fall into, and a watchdog needs the absence of a planned cut: two
// disturbances in one cycle have no phase of their own.
void check_whole(Section& root, const Scenario& scenario) {
  const ota::Target& target = scenario.update.target;
  if (!target.user && !target.system && !target.bootloader) {
    root.fail("the update names no module; write update: {user_app: v2}");
  }
  if (scenario.watchdog && !std::holds_alternative<std::monostate>(scenario.cut)) {
    root.fail("a watchdog and a planned cut in one scenario; keep one (cut: none)");
  }
}

// The update is in the flash already, and the console is all there is.
void check_planted(Section& root, const Scenario& scenario) {
  if (scenario.board.flash.empty()) {
    return;
  }
  for (const char* key : {"sim_card", "modem_times", "link", "relay", "second_update"}) {
    const auto given = root.find(key);
    if (given && !(given->is_text() && given->text() == "none")) {
      given->fail(fmt::format(
          "a board whose flash is planted has no modem and no server; leave '{}' out", key));
    }
  }
  const auto* cut = std::get_if<record::CutPlan>(&scenario.cut);
  const auto* sweep = std::get_if<Sweep>(&scenario.cut);
  if ((cut != nullptr && cut->domains.modem) || (sweep != nullptr && sweep->domains.modem)) {
    root.find("cut")->fail("a board whose flash is planted has no modem; write domains: [board]");
  }
}

void read_texts(Section& root, Scenario& scenario) {
  scenario.name = root.need("scenario", "give the scenario a name").text();
  scenario.title = text_or(root, "title", scenario.name);
  scenario.story = text_or(root, "story", "");
  scenario.labels = labels_from(root.find("labels"));
  scenario.known_bad = text_or(root, "known_bad", "");
}

Scenario scenario_from(const Value& yaml, const fs::path& file, const Library& library) {
  Section root(yaml);
  Scenario scenario;
  scenario.id = id_of(file, library);
  scenario.file = file;
  read_texts(root, scenario);
  const Value device = root.need("device", "name a device profile, as in electron");
  const fs::path profile = own_or_on_shelf(device, library, Shelf::device, file.parent_path());
  scenario.device = device.text().ends_with(".yaml") ? profile.string() : device.text();
  scenario.board = board_from(root.need("board", "write board: {kind: sim, firmware: NAME}"),
                              library, file.parent_path());
  const FirmwareNames firmware = firmware_names(scenario.board);
  read_sim_card(root, library, scenario);
  scenario.network = network_from(root.find("modem_times"));
  scenario.provision =
      provision_from(root.need("provision", "write provision: {user_app: v1, apn: NAME}"), firmware,
                     scenario.start);
  scenario.update = update_from(root.need("update", "write update: {user_app: v2}"), firmware);
  scenario.second_update = second_update_from(root.find("second_update"), firmware);
  read_reboots(root.find("clean_reboots"), scenario);
  scenario.link = link_from(root.find("link"), library);
  scenario.relay = relay_from(root.find("relay"), library, scenario.update);
  scenario.cut = cut_from(root.find("cut"));
  scenario.watchdog = watchdog_from(root.find("watchdog"));
  scenario.expect = expect_from(root.need("expect", "say what must survive: expect: {..}"),
                                firmware, scenario.sim_card.apn);
  if (const auto seed = root.find("seed")) {
    scenario.seed = seed->integer(0, ~std::uint64_t{0});
  }
  root.done();
  check_planted(root, scenario);
  check_apn(root, scenario);
  check_whole(root, scenario);
  check_serial(root, scenario);
  return scenario;
}

}  // namespace

Scenario load(const fs::path& file, const Library& library) {
  return scenario_from(read_yaml(file), file, library);
}

Scenario parse(const std::string& text, const fs::path& file, const Library& library) {
  return scenario_from(parse_yaml(text, file), file, library);
}

}  // namespace rig::scenario
