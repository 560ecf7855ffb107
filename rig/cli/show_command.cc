#include <fmt/format.h>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/printing.h"
#include "cli/workspace.h"
#include "explore/cut_images.h"

namespace rig::cli {

namespace {

explore::CutImages images_of(const Invocation& invocation, const store::Cycle& cycle) {
  const auto plan = record::plan_id_from(cycle.intent.plan);
  if (!plan || !plan->cut) {
    throw base::UsageError(fmt::format("cycle {} has no cut to show the flash at", cycle.id.value));
  }
  const Workspace workspace = open_scenario(invocation, plan->scenario);
  const board::SimBench bench(workspace.scenario, workspace.library);
  require_firmware(*plan, bench);
  return explore::images_at_cut(bench, *plan->cut, plan->seed);
}

}  // namespace

// Executes the cycle again up to its cut: a stored cycle has no flash images.
void ShowCommand::show_flash(const Invocation& invocation, const store::Cycle& cycle) const {
  const explore::CutImages images = images_of(invocation, cycle);
  if (flash_diff_) fmt::print("{}", to_text(images));
  if (image_.empty()) return;
  write_text(image_, {images.after.begin(), images.after.end()});
  fmt::print("image:   {} ({} bytes for 0x{:08x}): program a board with it and let it boot\n",
             image_, images.after.size(), images.base);
}

void ShowCommand::run(Invocation& invocation) const {
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  const store::Cycle cycle = store.cycle(store::CycleId{cycle_});
  if (flash_diff_ || !image_.empty()) {
    show_flash(invocation, cycle);
    return;
  }
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
