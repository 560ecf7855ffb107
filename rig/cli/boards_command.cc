#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/paths.h"
#include "image/manifest.h"
#include "scenario/bench.h"

namespace rig::cli {
namespace {

struct BoardKind {
  const char* kind;
  const char* what;
  const char* cuts;
  bool firmware;  // runs the firmware of this build
};

constexpr BoardKind kBoards[] = {
    {"sim", "STM32F205 with a cellular modem, simulated in virtual time",
     "any flash word or sector erase, torn; time, phase, console, bytes", true},
    {"serial", "a real board of a bench file: switched power, serial console, real time",
     "time, phase, console; each with proof that the power was gone", false},
};

nlohmann::json channels_json(const std::vector<scenario::ChannelSpec>& channels) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& each : channels) {
    list.push_back({{"switch", each.power_switch},
                    {"channel", each.channel},
                    {"wiring", each.normally_closed ? "normally-closed" : "normally-open"}});
  }
  return list;
}

nlohmann::json to_json(const scenario::Bench& bench) {
  nlohmann::json boards = nlohmann::json::array();
  for (const auto& [name, board] : bench.boards) {
    boards.push_back({{"board", name},
                      {"kind", "serial"},
                      {"console", board.console.port},
                      {"baud", board.console.baud},
                      {"power",
                       {{"board", channels_json(board.power.board)},
                        {"modem", channels_json(board.power.modem)}}},
                      {"safe", board.power.safe_on ? "on" : "off"}});
  }
  return {{"bench", bench.name}, {"file", bench.file.string()}, {"boards", boards}};
}

std::string to_text(const std::vector<scenario::ChannelSpec>& channels) {
  std::string text;
  for (const auto& each : channels) {
    text += fmt::format("{}{} channel {}{}", text.empty() ? "" : ", ", each.power_switch,
                        each.channel, each.normally_closed ? " (normally closed)" : "");
  }
  return text.empty() ? "none of its own" : text;
}

void print(const scenario::Bench& bench) {
  fmt::print("bench {} ({})\n", bench.name, bench.file.string());
  for (const auto& [name, board] : bench.boards) {
    fmt::print("  {:<14} console {} at {} baud, safe {}\n", name, board.console.port,
               board.console.baud, board.power.safe_on ? "on" : "off");
    fmt::print("                 board: {}\n                 modem: {}\n",
               to_text(board.power.board), to_text(board.power.modem));
  }
}

void show_bench(const Invocation& invocation) {
  const scenario::Bench bench = scenario::load_bench(find_bench(invocation.bench));
  if (!invocation.json) return print(bench);
  fmt::print("{}\n", to_json(bench).dump(2));
}

}  // namespace

void BoardsCommand::run(Invocation& invocation) {
  if (!invocation.bench.empty() || std::getenv("OTARIG_BENCH") != nullptr) {
    return show_bench(invocation);
  }
  const auto products = image::manifest_names(find_firmware(invocation.firmware));
  if (invocation.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const BoardKind& board : kBoards) {
      list.push_back({{"kind", board.kind},
                      {"description", board.what},
                      {"cuts", board.cuts},
                      {"firmware", board.firmware ? products : std::vector<std::string>{}}});
    }
    fmt::print("{}\n", list.dump(2));
    return;
  }
  for (const BoardKind& board : kBoards) {
    fmt::print("{:<6} {}\n       cuts: {}\n", board.kind, board.what, board.cuts);
    if (!board.firmware) continue;
    fmt::print("       firmware:\n");
    for (const std::string& product : products) fmt::print("         {}\n", product);
  }
}

}  // namespace rig::cli
