#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/printing.h"

namespace rig::cli {

void ShowCommand::run(Invocation& invocation) const {
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const store::Cycle cycle = store.cycle(store::CycleId{cycle_});
  const record::Timeline timeline = cycle.outcome ? store.timeline(cycle.id) : record::Timeline{};
  if (invocation.json) {
    nlohmann::json object = to_json(cycle);
    object["timeline"] = nlohmann::json::array();
    for (const record::Event& event : timeline) {
      object["timeline"].push_back(record::to_line(event));
    }
    fmt::print("{}\n", object.dump(2));
    return;
  }
  fmt::print("{}plan:    {}\n", to_text(timeline), cycle.intent.plan);
  if (cycle.outcome) {
    fmt::print("{}", to_text(cycle.outcome->judgement));
  } else {
    fmt::print("begun and never finished: the rig was stopped during this cycle\n");
  }
}

}  // namespace rig::cli
