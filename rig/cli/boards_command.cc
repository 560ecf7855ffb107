#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/recorder.h"
#include "image/manifest.h"
#include "scenario/bench.h"
#include "store/soak_rows.h"

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

// Nobody has a database before the first campaign, and then no board is out of the game.
std::vector<store::BoardState> quarantined(const Invocation& invocation) {
  if (!std::filesystem::exists(invocation.database_path())) return {};
  store::Store store(invocation.database_path(), {.if_missing = store::IfMissing::refuse});
  std::vector<store::BoardState> out = store::board_states(store);
  std::erase_if(out, [](const store::BoardState& each) {
    return each.condition != store::BoardCondition::quarantined;
  });
  return out;
}

nlohmann::json to_json(const std::vector<store::BoardState>& states) {
  nlohmann::json list = nlohmann::json::array();
  for (const store::BoardState& each : states) {
    list.push_back({{"bench", each.bench},
                    {"board", each.board},
                    {"reason", each.reason},
                    {"since_unix_us", each.since_unix_us},
                    {"batch", each.batch},
                    {"cycle", each.cycle ? nlohmann::json(each.cycle->value) : nlohmann::json()}});
  }
  return list;
}

void print(const std::vector<store::BoardState>& states) {
  for (const store::BoardState& each : states) {
    fmt::print("in quarantine: {} of {}, since {:%Y-%m-%d %H:%M:%S}: {}{}\n", each.board,
               each.bench, fmt::localtime(static_cast<std::time_t>(each.since_unix_us / 1'000'000)),
               each.reason, each.cycle ? fmt::format(" (otarig show {})", each.cycle->value) : "");
  }
}

void release(const Invocation& invocation, const std::string& board) {
  const auto out = quarantined(invocation);
  const auto found =
      std::find_if(out.begin(), out.end(), [&](const auto& each) { return each.board == board; });
  if (found == out.end()) {
    throw base::UsageError(fmt::format(
        "boards release: no board '{}' is in quarantine; otarig boards shows those that are",
        board));
  }
  store::Store store(invocation.database_path(),
                     {.if_missing = store::IfMissing::refuse, .commit = store::Commit::each});
  store::set_board_state(store, {.bench = found->bench,
                                 .board = found->board,
                                 .condition = store::BoardCondition::ok,
                                 .reason = "released",
                                 .since_unix_us = unix_us_now()});
  fmt::print("{} is back; it was in quarantine because {}\n", board, found->reason);
}

void show_bench(const Invocation& invocation) {
  const scenario::Bench bench = scenario::load_bench(find_bench(invocation.bench));
  const auto out = quarantined(invocation);
  if (!invocation.json) {
    print(bench);
    return print(out);
  }
  nlohmann::json object = to_json(bench);
  object["quarantined"] = to_json(out);
  fmt::print("{}\n", object.dump(2));
}

}  // namespace

void BoardsCommand::run(Invocation& invocation) const {
  if (!action_.empty()) return release(invocation, board_);
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
  print(quarantined(invocation));
  for (const BoardKind& board : kBoards) {
    fmt::print("{:<6} {}\n       cuts: {}\n", board.kind, board.what, board.cuts);
    if (!board.firmware) continue;
    fmt::print("       firmware:\n");
    for (const std::string& product : products) fmt::print("         {}\n", product);
  }
}

}  // namespace rig::cli
