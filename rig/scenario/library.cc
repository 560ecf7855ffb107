#include "scenario/library.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/suggestion.h"

namespace rig::scenario {
namespace {

namespace fs = std::filesystem;

std::string_view kind_of(Shelf shelf) {
  switch (shelf) {
    case Shelf::device:
      return "device profile";
    case Shelf::sim_card:
      return "SIM card";
    case Shelf::link:
      return "link profile";
    case Shelf::firmware:
      return "firmware";
    case Shelf::mcu:
      return "MCU description";
  }
  return "";
}

std::string_view extension_of(Shelf shelf) { return shelf == Shelf::firmware ? ".json" : ".yaml"; }

// A name is a file name: it never leads out of its folder.
bool is_plain(std::string_view name) {
  return !name.empty() && name.find_first_of("/\\") == name.npos && name[0] != '.';
}

}  // namespace

fs::path folder_of(const Library& library, Shelf shelf) {
  switch (shelf) {
    case Shelf::device:
      return library.fixtures / "devices";
    case Shelf::sim_card:
      return library.fixtures / "sim-cards";
    case Shelf::link:
      return library.fixtures / "links";
    case Shelf::mcu:
      return library.fixtures / "mcus";
    case Shelf::firmware:
      break;
  }
  return library.firmware;
}

std::vector<std::string> names_on(const Library& library, Shelf shelf) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_of(library, shelf), ignored)) {
    if (entry.path().extension() == extension_of(shelf)) {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path path_of(const Library& library, Shelf shelf, std::string_view name) {
  return folder_of(library, shelf) / (std::string(name) + std::string(extension_of(shelf)));
}

std::string why_missing(const Library& library, Shelf shelf, std::string_view name) {
  std::error_code ignored;
  if (is_plain(name) && fs::is_regular_file(path_of(library, shelf, name), ignored)) {
    return {};
  }
  const std::vector<std::string> names = names_on(library, shelf);
  return fmt::format("no {} '{}' in {}; there are: {}.{}", kind_of(shelf), name,
                     folder_of(library, shelf).string(), base::joined(names),
                     base::did_you_mean(name, names));
}

}  // namespace rig::scenario
