#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/workspace.h"
#include "import/reproduction.h"
#include "import/show.h"

namespace rig::cli {

namespace {

void refuse_no_file(const std::string& file) {
  namespace fs = std::filesystem;
  const fs::file_status status = fs::status(file);
  if (fs::is_regular_file(status) || fs::is_fifo(status)) return;
  throw base::UsageError(file +
                         (fs::exists(status) ? ": that is no file" : ": there is no such file") +
                         "; name a device log");
}

}  // namespace

void ImportCommand::run(Invocation& invocation) const {
  refuse_no_file(file_);
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
