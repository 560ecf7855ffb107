#include <fmt/format.h>

#include "cli/asking.h"
#include "cli/evidence_commands.h"
#include "cli/workspace.h"
#include "gate/history.h"
#include "gate/openmetrics.h"

namespace rig::cli {

void HistoryCommand::run(Invocation& invocation) const {
  gate::Selection selection{.since_unix_us = instant_from("--since", since_)};
  for (const std::string& each : scenarios_) {
    selection.scenarios.push_back(stored_scenario_name(each));
  }
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const gate::History history = gate::history_of(store, selection);
  if (!metrics_.empty()) write_text(metrics_, gate::openmetrics(history));
  fmt::print("{}", invocation.json ? gate::to_json(history) + "\n" : gate::to_text(history));
}

}  // namespace rig::cli
