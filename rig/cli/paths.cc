#include "cli/paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/rig_error.h"
#include "base/suggestion.h"

namespace rig::cli {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

fs::path program_folder() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

// Where the package puts what is not a program: PREFIX/share/otarig beside PREFIX/bin.
fs::path installed() { return program_folder().parent_path() / "share/otarig"; }

std::optional<fs::path> folder_above(const fs::path& start, const char* wanted) {
  std::error_code ignored;
  for (fs::path at = fs::absolute(start, ignored); !at.empty(); at = at.parent_path()) {
    if (fs::is_directory(at / wanted, ignored)) return at / wanted;
    if (at == at.root_path()) break;
  }
  return std::nullopt;
}

fs::path existing_folder(const fs::path& folder, const char* what) {
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return folder;
  throw base::UsageError(fmt::format("{} folder '{}' does not exist", what, folder.string()));
}

}  // namespace

fs::path state_folder() {
  if (const auto state = variable("XDG_STATE_HOME")) return fs::path(*state) / "otarig";
  const auto home = variable("HOME");
  return fs::path(home ? *home : ".") / ".local/state/otarig";
}

fs::path default_database() {
  if (const auto given = variable("OTARIG_DB")) return *given;
  return state_folder() / "otarig.db";
}

fs::path find_bench(const std::string& given) {
  if (!given.empty()) return given;
  if (const auto set = variable("OTARIG_BENCH")) return *set;
  throw base::UsageError(
      "no bench: name the file that lists switches and boards with --bench FILE or OTARIG_BENCH");
}

fs::path find_fixtures(const std::string& given, const fs::path& near) {
  if (!given.empty()) return existing_folder(given, "fixtures");
  if (const auto set = variable("OTARIG_FIXTURES")) return existing_folder(*set, "fixtures");
  for (const fs::path& start : std::vector<fs::path>{near, fs::current_path(), program_folder()}) {
    if (const auto found = folder_above(start, "fixtures")) return *found;
  }
  std::error_code ignored;
  if (fs::is_directory(installed() / "fixtures", ignored)) return installed() / "fixtures";
  throw base::UsageError(fmt::format(
      "no folder 'fixtures' at or above '{}', '{}' or the program; name one with --fixtures",
      near.string(), fs::current_path().string()));
}

fs::path find_firmware(const std::string& given) {
  if (!given.empty()) return existing_folder(given, "firmware");
  if (const auto set = variable("OTARIG_FIRMWARE")) return existing_folder(*set, "firmware");
  const fs::path built = program_folder() / "firmware";
  std::error_code ignored;
  if (!fs::is_directory(built, ignored) && fs::is_directory(installed(), ignored)) {
    return installed() / "firmware";
  }
  return built;  // a real board may need none
}

namespace {

// "electron/no-cut" and the like.
std::vector<std::string> names_in(const fs::path& scenarios) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& each : fs::recursive_directory_iterator(scenarios, ignored)) {
    if (each.path().extension() != ".yaml") continue;
    names.push_back(
        each.path().lexically_relative(scenarios).replace_extension("").generic_string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

fs::path find_scenario(const std::string& name, const fs::path& fixtures) {
  std::error_code ignored;
  if (fs::is_regular_file(name, ignored)) return name;
  const fs::path beside = fixtures.parent_path() / "scenarios" / (name + ".yaml");
  if (fs::is_regular_file(beside, ignored)) return beside;
  throw base::UsageError(
      fmt::format("scenario '{}' not found: neither a file nor '{}'.{}", name, beside.string(),
                  base::did_you_mean(name, names_in(fixtures.parent_path() / "scenarios"))));
}

std::string scenario_name(const fs::path& file) {
  const std::string whole = fs::absolute(file).lexically_normal().generic_string();
  constexpr std::string_view kFolder = "/scenarios/";
  const auto at = whole.rfind(kFolder);
  if (at == std::string::npos || !whole.ends_with(".yaml")) return file.generic_string();
  const auto begin = at + kFolder.size();
  return whole.substr(begin, whole.size() - begin - std::string_view(".yaml").size());
}

}  // namespace rig::cli
