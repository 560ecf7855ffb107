// The larger sections of a scenario file, read on their own. Internal to scenario.cc.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "scenario/scenario.h"
#include "scenario/yaml_reader.h"

namespace rig::scenario {

// The version texts of a firmware manifest ("v1", "0.7.0") with their numbers. Only names: whether
// the images behind them are sound is image/manifest.h's question.
using VersionNames = std::map<std::string, std::uint16_t>;
struct FirmwareNames {
  std::string name;
  VersionNames user_apps;
  VersionNames systems;
  VersionNames bootloaders;
  std::optional<std::uint16_t> installed_system;
};

// `folder`: of the scenario file, where the files of a user's own firmware are looked up first.
[[nodiscard]] BoardSpec board_from(const Value& value, const Library& library,
                                   const std::filesystem::path& folder);
// A name on the shelf, or (it ends in .yaml) a file beside the scenario: its path. Throws where the
// value stands when there is none.
[[nodiscard]] std::filesystem::path own_or_on_shelf(const Value& value, const Library& library,
                                                    Shelf shelf,
                                                    const std::filesystem::path& folder);
[[nodiscard]] FirmwareNames firmware_names(const BoardSpec& board);
// Throws when the firmware has no such version, listing those it has. Without a firmware (empty
// name) any version is as good as it reads.
[[nodiscard]] std::uint16_t version_in_firmware(const Value& value, const VersionNames& names,
                                                const std::string& firmware);
[[nodiscard]] UpdateSpec update_from(const Value& value, const FirmwareNames& firmware);
// update: {http: ..} and board: {tcp: ..}.
[[nodiscard]] ota::HttpSettings http_from(const Value& value);
// update: {portal: {at: '10.66.0.1:80', ..}}: the other keys as those of http.
[[nodiscard]] Portal portal_from(const Value& value);
[[nodiscard]] tcp::Personality transport_from(const Value& value);
[[nodiscard]] record::Domains domains_from(const Value& value);
[[nodiscard]] Cut cut_from(const std::optional<Value>& value);
[[nodiscard]] Expect expect_from(const Value& value, const FirmwareNames& firmware,
                                 const std::string& sim_apn);

}  // namespace rig::scenario
