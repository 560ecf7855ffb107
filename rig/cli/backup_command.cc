#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/evidence_commands.h"
#include "store/backup.h"

namespace rig::cli {

void BackupCommand::run(Invocation& invocation) const {
  const std::string from = invocation.database_path().string();
  const store::BackupReport report = store::back_up(from, file_);
  if (invocation.json) {
    const nlohmann::json object = {
        {"file", file_}, {"bytes", report.bytes}, {"cycles", report.cycles}};
    fmt::print("{}\n", object.dump(2));
    return;
  }
  fmt::print("{} holds {} cycles, {:.1f} MB\n", file_, report.cycles,
             static_cast<double>(report.bytes) / 1e6);
}

}  // namespace rig::cli
