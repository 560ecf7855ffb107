#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/asking.h"
#include "cli/controller.h"
#include "cli/evidence_commands.h"
#include "store/retention.h"

namespace rig::cli {
namespace {

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

}  // namespace

void PruneCommand::run(Invocation& invocation) const {
  const auto before = instant_from("--keep", keep_);
  if (!before) throw base::UsageError("prune: --keep needs an age or a date, as in 30d");
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const store::Retention retention{
      .before_unix_us = *before, .whole = whole_, .failures = failures_};
  const std::uint64_t ended = dry_run_ ? 0 : store::end_abandoned(store, is_alive);
  const store::Pruned pruned =
      dry_run_ ? store::would_prune(store, retention) : store::prune(store, retention);
  const std::uint64_t freed = shrink_ && !dry_run_ ? store::shrink(store) : 0;
  if (invocation.json) {
    const nlohmann::json object = {
        {"dry_run", dry_run_},           {"ended", ended},
        {"campaigns", pruned.campaigns}, {"timelines", pruned.timelines},
        {"bytes", pruned.bytes},         {"failures_kept", pruned.failures_kept},
        {"freed_on_disk", freed}};
    fmt::print("{}\n", object.dump(2));
    return;
  }
  if (ended > 0) fmt::print("ended {} campaigns whose process is gone\n", ended);
  fmt::print("{} {} timelines and {} whole campaigns, {}; {} timelines of failures stay\n",
             dry_run_ ? "would remove" : "removed", pruned.timelines, pruned.campaigns,
             megabytes(pruned.bytes), pruned.failures_kept);
  if (shrink_ && !dry_run_) fmt::print("the file is {} smaller\n", megabytes(freed));
}

}  // namespace rig::cli
