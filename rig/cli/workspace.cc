#include "cli/workspace.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/rig_error.h"
#include "cli/paths.h"

namespace rig::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& attempt) {
  throw base::RigError({errno, std::generic_category()}, attempt);
}

}  // namespace

scenario::Library library_for(const Invocation& invocation, const fs::path& scenario_file) {
  const fs::path fixtures = find_fixtures(invocation.fixtures, scenario_file.parent_path());
  return {.fixtures = fixtures,
          .firmware = find_firmware(invocation.firmware),
          .scenarios = fixtures.parent_path() / "scenarios"};
}

Workspace open_scenario(const Invocation& invocation, const std::string& name) {
  fs::path file = name;
  if (!fs::is_regular_file(file)) {
    file = find_scenario(name, find_fixtures(invocation.fixtures, fs::current_path()));
  }
  scenario::Library library = library_for(invocation, file);
  scenario::Scenario loaded = scenario::load(file, library);
  return {.library = std::move(library), .scenario = std::move(loaded)};
}

void require_firmware(const record::PlanId& plan, const board::SimBench& bench) {
  if (plan.firmware == bench.manifest().hash) return;
  throw base::UsageError(
      fmt::format("the plan was recorded with firmware {}, but '{}' here is {}: build the same "
                  "firmware, or name its folder with --firmware",
                  plan.firmware, bench.manifest().name, bench.manifest().hash));
}

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail("read '" + file.string() + "'");
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_text(const fs::path& file, const std::string& text) {
  std::error_code ignored;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.flush();
  if (!stream) fail("write '" + file.string() + "'");
}

}  // namespace rig::cli
