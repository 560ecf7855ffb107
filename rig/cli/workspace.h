// From what the user typed to a loaded, checked scenario.
#pragma once

#include <filesystem>
#include <string>

#include "board/sim_bench.h"
#include "cli/invocation.h"
#include "scenario/library.h"
#include "scenario/scenario.h"

namespace rig::cli {

// Throws base::UsageError when a folder cannot be found.
[[nodiscard]] scenario::Library library_for(const Invocation& invocation,
                                            const std::filesystem::path& scenario_file);

struct Workspace {
  scenario::Library library;
  scenario::Scenario scenario;
};

// `name`: a scenario file, or the name it has in plan ids. Throws base::UsageError.
[[nodiscard]] Workspace open_scenario(const Invocation& invocation, const std::string& name);

// Throws base::UsageError when the bench has not the firmware that the plan was recorded with.
void require_firmware(const record::PlanId& plan, const board::SimBench& bench);

[[nodiscard]] std::string read_text(const std::filesystem::path& file);
// Creates missing folders; throws base::RigError naming the file.
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace rig::cli
