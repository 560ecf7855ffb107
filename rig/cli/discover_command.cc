#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/discovery.h"

namespace rig::cli {
namespace {

nlohmann::json to_json(const std::vector<Draft::Found>& all) {
  nlohmann::json list = nlohmann::json::array();
  for (const Draft::Found& each : all) {
    list.push_back({{"name", each.name}, {"line", each.line}, {"device", each.comment}});
  }
  return list;
}

}  // namespace

void DiscoverCommand::run(Invocation& invocation) {
  const Draft draft = draft_of(plugged_into_this_machine());
  const std::string text = bench_text(draft);
  if (!invocation.json) return fmt::print("{}", text);
  const nlohmann::json object{{"switches", to_json(draft.switches)},
                              {"consoles", to_json(draft.consoles)},
                              {"unclear", to_json(draft.unclear)},
                              {"hub_sockets", draft.sockets},
                              {"bench", text}};
  fmt::print("{}\n", object.dump(2));
}

}  // namespace rig::cli
