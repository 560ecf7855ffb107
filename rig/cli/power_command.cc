#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/paths.h"
#include "cli/real_board.h"
#include "io/loop.h"
#include "power/clock.h"
#include "power/safety.h"

namespace rig::cli {
namespace {

using power::Level;

const char* name_of(Level level) { return level == Level::on ? "on" : "off"; }

// The switches of one board, for a person who waits.
class Switchboard {
 public:
  explicit Switchboard(const RealBoard& real) : real_(real), journal_(real.parts.journal) {}

  void set(Level level) {
    const auto intents = board::intents_for(real_.board.power, level);
    journal_.intend(intents);
    std::string failures;
    for (const auto& each : power::switch_all(
             intents, [this](const std::string& name) { return worker(name); }, deadline())) {
      if (each.result.failure() != nullptr)
        failures += (failures.empty() ? "" : "; ") + each.result.failure()->what;
      else
        journal_.settled(each.intent.key);  // a person wants it so
    }
    if (!failures.empty()) complain("switch board " + real_.board.name, failures);
  }

  // "on" or "off" when every contact says so; "unknown" for hardware that cannot be read.
  std::string get() {
    std::string all;
    for (const auto& intent : board::intents_for(real_.board.power, Level::on)) {
      const std::string one = state_of(intent);
      if (!all.empty() && all != one) return "mixed";
      all = one;
    }
    return all;
  }

 private:
  std::string state_of(const power::Intent& when_on) {
    const auto limit = deadline();
    auto pending =
        worker(when_on.key.power_switch)->submit({.what = power::ReadOrder{}, .deadline = limit});
    const power::SwitchResult result = power::result_of(pending, limit);
    if (result.failure() != nullptr) {
      complain("read " + when_on.key.power_switch, result.failure()->what);
    }
    const auto* levels = std::get_if<std::optional<power::Levels>>(&result.what);
    if (levels == nullptr || !*levels) return "unknown";
    return name_of((*levels)->at(when_on.key.channel) == when_on.level ? Level::on : Level::off);
  }

  power::Worker* worker(const std::string& name) {
    auto& found = workers_[name];
    if (!found) found = std::make_unique<power::Worker>(name, real_.parts.switches.at(name));
    return found.get();
  }

  [[noreturn]] static void complain(const std::string& attempt, const std::string& what) {
    throw base::RigError(std::make_error_code(std::errc::io_error), attempt, what);
  }

  [[nodiscard]] power::Moment deadline() const {
    return power::now() + real_.board.power.answer_within;
  }

  const RealBoard& real_;
  power::IntentJournal journal_;
  std::map<std::string, std::unique_ptr<power::Worker>> workers_;
};

void cycle(Switchboard& switches, const RealBoard& real) {
  switches.set(Level::off);
  io::Loop loop;
  loop.run_for(real.board.power.shortest_off);
  switches.set(Level::on);
}

}  // namespace

// One board that does not obey keeps no other from its safe state.
void PowerCommand::restore(Invocation& invocation) const {
  const scenario::Bench bench = scenario::load_bench(find_bench(invocation.bench));
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, board] : bench.boards) {
    if (!board_.empty() && name != scenario::board_named(bench, board_).name) continue;
    std::string found = "was left as it should be";
    try {
      if (bring_to_safety(open_board(invocation, name))) found = "brought to its safe state";
    } catch (const std::exception& error) {
      found = error.what();
      invocation.exit_code = kExitNoTrial;
    }
    list.push_back({{"board", name}, {"found", found}});
    if (!invocation.json) fmt::print("{}: {}\n", name, found);
  }
  if (invocation.json) fmt::print("{}\n", list.dump(2));
}

void PowerCommand::run(Invocation& invocation) const {
  if (action_ == "restore") return restore(invocation);
  const RealBoard real = open_board(invocation, board_);
  Switchboard switches(real);
  if (action_ == "on") switches.set(Level::on);
  if (action_ == "off") switches.set(Level::off);
  if (action_ == "cycle") cycle(switches, real);
  const std::string state = switches.get();
  if (invocation.json) {
    const nlohmann::json object{{"board", real.board.name}, {"power", state}};
    return fmt::print("{}\n", object.dump(2));
  }
  fmt::print("{}: {}\n", real.board.name, state);
}

}  // namespace rig::cli
