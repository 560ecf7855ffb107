// From what the user typed to a loaded, checked scenario.
#pragma once

#include <filesystem>
#include <string>

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

[[nodiscard]] std::string read_text(const std::filesystem::path& file);
// Creates missing folders; throws base::RigError naming the file.
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace rig::cli
