#include <fmt/format.h>

#include "cli/asking.h"
#include "cli/evidence_commands.h"
#include "gate/comparing.h"

namespace rig::cli {

void CompareCommand::run(Invocation& invocation) const {
  const double confidence = confidence_.empty() ? 0.95 : share_from("--confidence", confidence_);
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const gate::Side before = gate::side_of(store, before_);
  const gate::Side after = gate::side_of(store, after_);
  const gate::Comparison comparison = gate::compare(before, after, confidence);
  fmt::print("{}", invocation.json ? gate::to_json(comparison) + "\n" : gate::to_text(comparison));
  invocation.exit_code = comparison.change == gate::Change::worse ? kExitDeviceFailed : kExitPass;
}

}  // namespace rig::cli
