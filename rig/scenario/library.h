// Where named things of a scenario are looked up. Plain paths; nothing is opened here.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rig::scenario {

struct Library {
  std::filesystem::path fixtures;   // has devices/, sim-cards/, links/
  std::filesystem::path firmware;   // has <name>.json, the manifests of the firmware build
  std::filesystem::path scenarios;  // what Scenario::id is relative to; may be empty
};

enum class Shelf { device, sim_card, link, firmware, mcu };

[[nodiscard]] std::filesystem::path folder_of(const Library& library, Shelf shelf);
// Names present on a shelf, sorted; empty when the folder does not exist.
[[nodiscard]] std::vector<std::string> names_on(const Library& library, Shelf shelf);
[[nodiscard]] std::filesystem::path path_of(const Library& library, Shelf shelf,
                                            std::string_view name);
// Empty when the name exists; otherwise "no SIM card 'x' in DIR; there are: a, b. Did you mean
// 'a'?"
[[nodiscard]] std::string why_missing(const Library& library, Shelf shelf, std::string_view name);

}  // namespace rig::scenario
