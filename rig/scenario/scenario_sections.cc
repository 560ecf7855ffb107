#include "scenario/scenario_sections.h"

#include <fmt/core.h>

#include "base/suggestion.h"
#include "image/manifest.h"

namespace rig::scenario {
namespace {

std::vector<std::string> keys_of(const VersionNames& names) {
  std::vector<std::string> keys;
  for (const auto& [name, number] : names) {
    keys.push_back(name);
  }
  return keys;
}

// A manifest is JSON, which is YAML.
VersionNames version_names(const std::optional<Value>& value) {
  VersionNames names;
  if (value) {
    for (const auto& [text, path] : value->entries()) {
      const auto number = image::version_number(text);
      if (!number) {
        path.fail("'" + text + "' is no version; write v1 or 0.7.0");
      }
      names[text] = *number;
    }
  }
  return names;
}

std::vector<std::uint16_t> versions_list(const Value& value, const FirmwareNames& firmware) {
  std::vector<std::uint16_t> versions;
  for (const Value& item : value.list()) {
    versions.push_back(item.text() == "factory"
                           ? std::uint16_t{0}
                           : version_in_firmware(item, firmware.user_apps, firmware.name));
  }
  if (versions.empty()) {
    value.fail("an empty list allows nothing; name at least one version, as in [v2]");
  }
  return versions;
}

std::vector<record::Verdict> verdict_list(const Value& value) {
  std::vector<std::string> names;
  for (auto verdict = record::Verdict::survived_new; verdict <= record::Verdict::rolled_back;
       verdict = static_cast<record::Verdict>(static_cast<int>(verdict) + 1)) {
    names.emplace_back(record::name_of(verdict));
  }
  std::vector<record::Verdict> verdicts;
  for (const Value& item : value.list()) {
    verdicts.push_back(static_cast<record::Verdict>(item.one_of(names)));
  }
  return verdicts;
}

}  // namespace

std::uint16_t version_in_firmware(const Value& value, const VersionNames& names,
                                  const std::string& firmware) {
  const auto found = names.find(value.text());
  if (firmware.empty()) {
    const auto number = image::version_number(value.text());
    if (!number) value.fail("'" + value.text() + "' is no version; write v1 or 0.7.0");
    return *number;
  }
  if (found == names.end()) {
    value.fail(fmt::format("firmware '{}' has no version '{}' of this module; it has: {}.{}",
                           firmware, value.text(), base::joined(keys_of(names)),
                           base::did_you_mean(value.text(), keys_of(names))));
  }
  return found->second;
}

namespace {

void read_firmware(const Value& firmware, const Library& library, BoardSpec& board) {
  board.firmware = firmware.text();
  const std::string problem = why_missing(library, Shelf::firmware, board.firmware);
  if (!problem.empty()) {
    firmware.fail(problem);
  }
  board.manifest = path_of(library, Shelf::firmware, board.firmware);
}

// Beside the scenario, or in the folder of the firmware build.
std::filesystem::path firmware_file(const Value& value, const Library& library,
                                    const std::filesystem::path& folder) {
  const std::filesystem::path name = value.text();
  std::error_code ignored;
  for (const auto& from : {folder, library.firmware}) {
    if (std::filesystem::is_regular_file(from / name, ignored)) return from / name;
  }
  value.fail(fmt::format("no file '{}' in {} nor in {}; build it first, or write its path",
                         name.string(), folder.string(), library.firmware.string()));
}

FlashFile flash_file_from(const Value& value, const Library& library,
                          const std::filesystem::path& folder) {
  FlashFile file{.file = {}, .at = std::nullopt, .where = value.where()};
  if (!value.is_map()) {
    file.file = firmware_file(value, library, folder);
    return file;
  }
  Section section(value);
  file.file = firmware_file(section.need("file", "write file: bootloader.elf"), library, folder);
  if (const auto at = section.find("at")) file.at = at->address();
  section.done();
  return file;
}

void read_flash(const Value& flash, const Library& library, const std::filesystem::path& folder,
                BoardSpec& board) {
  for (const Value& item : flash.list()) {
    board.flash.push_back(flash_file_from(item, library, folder));
  }
  if (board.flash.empty()) {
    flash.fail("an empty list plants nothing; write flash: [bootloader.elf]");
  }
}

}  // namespace

std::filesystem::path own_or_on_shelf(const Value& value, const Library& library, Shelf shelf,
                                      const std::filesystem::path& folder) {
  const std::string name = value.text();
  if (name.ends_with(".yaml")) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / name, ignored)) return folder / name;
    value.fail(fmt::format("no file '{}' in {}", name, folder.string()));
  }
  const std::string problem = why_missing(library, shelf, name);
  if (!problem.empty()) value.fail(problem);
  return path_of(library, shelf, name);
}

BoardSpec board_from(const Value& value, const Library& library,
                     const std::filesystem::path& folder) {
  Section section(value);
  BoardSpec board;
  const Value kind = section.need("kind", "write kind: sim or kind: serial");
  board.kind = kind.text();
  if (kind.one_of({"sim", "serial"}) == 1) {
    if (const auto firmware = section.find("firmware")) read_firmware(*firmware, library, board);
    section.done();
    return board;
  }
  if (const auto flash = section.find("flash")) {
    read_flash(*flash, library, folder, board);
    if (const auto mcu = section.find("mcu")) {
      board.mcu = own_or_on_shelf(*mcu, library, Shelf::mcu, folder);
    }
  } else {
    read_firmware(section.need("firmware",
                               "name a firmware, as in electron-0.7.0, or list the files of your "
                               "own, as in flash: [bootloader.elf]"),
                  library, board);
  }
  if (const auto hold_up = section.find("hold_up")) {
    board.hold_up = hold_up->duration();
  }
  if (const auto vbat = section.find("vbat")) {
    board.vbat = vbat->boolean();
  }
  if (const auto modem = section.find("modem")) {
    board.modem = static_cast<modem::Model>(modem->one_of({"sara-u2", "sara-r410"}));
  }
  if (const auto tcp = section.find("tcp")) {
    board.transport = transport_from(*tcp);
  }
  section.done();
  return board;
}

FirmwareNames firmware_names(const BoardSpec& board) {
  FirmwareNames names;
  if (board.firmware.empty()) {
    return names;
  }
  Section section(read_yaml(board.manifest));
  names.name = board.firmware;
  names.user_apps = version_names(section.find("user_app"));
  names.systems = version_names(section.find("system"));
  names.bootloaders = version_names(section.find("bootloaders"));
  if (const auto installed = section.find("installed_system")) {
    names.installed_system = image::version_number(installed->text());
  }
  return names;  // other keys are for image/manifest.h
}

UpdateSpec update_from(const Value& value, const FirmwareNames& firmware) {
  Section section(value);
  UpdateSpec update;
  if (const auto app = section.find("user_app")) {
    update.target.user = version_in_firmware(*app, firmware.user_apps, firmware.name);
  }
  if (const auto system = section.find("system")) {
    update.target.system = version_in_firmware(*system, firmware.systems, firmware.name);
  }
  if (const auto bootloader = section.find("bootloader")) {
    update.target.bootloader =
        version_in_firmware(*bootloader, firmware.bootloaders, firmware.name);
  }
  if (const auto mode = section.find("mode")) {
    update.mode = static_cast<ota::TransferMode>(mode->one_of({"fast", "confirmed", "fetched"}));
  }
  if (const auto interval = section.find("chunk_interval")) {
    update.chunk_interval = interval->duration();
  }
  if (const auto offers = section.find("offers")) {
    update.offers = static_cast<std::uint32_t>(offers->integer(0, 1'000));
  }
  if (const auto http = section.find("http")) {
    update.http = http_from(*http);
  }
  if (const auto portal = section.find("portal")) update.portal = portal_from(*portal);
  if ((update.mode == ota::TransferMode::fetched) != update.http.has_value()) {
    section.fail(
        "an image that is fetched needs its server, and the other way round; write "
        "{mode: fetched, http: {}}");
  }
  if (const auto offer = section.find("offer")) {
    update.offer = program_from(*offer);
  }
  if (const auto trigger = section.find("trigger")) {
    update.trigger = program_from(*trigger);
  }
  section.done();
  return update;
}

Expect expect_from(const Value& value, const FirmwareNames& firmware, const std::string& sim_apn) {
  Section section(value);
  Expect expect;
  expect.apn = sim_apn;
  if (const auto apps = section.find("user_app")) {
    for (const auto& [phase, versions] : apps->entries()) {
      auto& list = phase == "any" ? expect.user_app.any : expect.user_app.by_phase[phase];
      list = versions_list(versions, firmware);
    }
  }
  if (const auto apn = section.find("apn")) {
    expect.apn = apn->text();
  }
  if (const auto within = section.find("online_within")) {
    expect.online_within = within->duration();
  }
  if (const auto within = section.find("update_finishes_within")) {
    expect.update_finishes_within = within->duration();
  }
  if (const auto allowed = section.find("allowed")) {
    for (const auto& [phase, verdicts] : allowed->entries()) {
      expect.allowed[phase] = verdict_list(verdicts);
    }
  }
  section.done();
  return expect;
}

}  // namespace rig::scenario
