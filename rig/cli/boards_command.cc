#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/paths.h"
#include "image/manifest.h"

namespace rig::cli {
namespace {

struct BoardKind {
  const char* kind;
  const char* what;
  const char* cuts;
};

constexpr BoardKind kBoards[] = {
    {"sim", "STM32F205 with a cellular modem, simulated in virtual time",
     "any flash word or sector erase, torn; time, phase, console, bytes"},
};

}  // namespace

void BoardsCommand::run(Invocation& invocation) {
  const auto products = image::manifest_names(find_firmware(invocation.firmware));
  if (invocation.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const BoardKind& board : kBoards) {
      list.push_back({{"kind", board.kind},
                      {"description", board.what},
                      {"cuts", board.cuts},
                      {"firmware", products}});
    }
    fmt::print("{}\n", list.dump(2));
    return;
  }
  for (const BoardKind& board : kBoards) {
    fmt::print("{:<6} {}\n       cuts: {}\n       firmware:\n", board.kind, board.what, board.cuts);
    for (const std::string& product : products) fmt::print("         {}\n", product);
  }
}

}  // namespace rig::cli
