#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/workspace.h"
#include "import/reproduction.h"
#include "import/show.h"

namespace rig::cli {

void ImportCommand::run(Invocation& invocation) const {
  if (!std::filesystem::is_regular_file(file_)) {
    throw base::UsageError(file_ + ": there is no such file; name a device log");
  }
  const import::Log log = import::read_log(read_text(file_), file_);
  const import::Structure structure = import::structure_of(log);
  // Before anything is shown: a scenario that cannot be written is no half-done import.
  if (!scenario_.empty()) {
    write_text(scenario_,
               import::scenario_of(log, structure, {.device = device_, .firmware = imitation_}));
    fmt::print(stderr, "wrote {}\n", scenario_);
  }
  if (invocation.json) {
    fmt::print("{}\n", import::to_json(log, structure).dump(2));
  } else {
    fmt::print("{}", import::to_text(log, structure));
  }
  invocation.exit_code = kExitPass;
}

}  // namespace rig::cli
