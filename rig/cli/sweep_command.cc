#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/exploring.h"
#include "cli/printing.h"

namespace rig::cli {
namespace {

// The worst exit code of several campaigns: a device failure outranks a missing trial.
int worse(int left, int right) {
  constexpr int kByBadness[] = {kExitPass, kExitNoTrial, kExitDeviceFailed, kExitInterrupted};
  const auto rank = [&](int code) {
    return std::find(std::begin(kByBadness), std::end(kByBadness), code) - std::begin(kByBadness);
  };
  return rank(left) >= rank(right) ? left : right;
}

nlohmann::json summary_of(store::Store& store, const SweepReport& sweep) {
  nlohmann::json object = to_json(store.summary(sweep.campaign), store.cycles(sweep.campaign));
  object["seconds"] = sweep.seconds;
  if (sweep.coverage) {
    // The stored cycles are examples; the verdicts are those of all the cells they stand for.
    object["coverage"] = to_json(*sweep.coverage);
    object["runs"] = sweep.coverage->executions;
    object["verdicts"] = nlohmann::json::object();
    for (const auto& [verdict, count] : sweep.coverage->verdicts) {
      object["verdicts"][std::string(record::name_of(verdict))] = count;
    }
  }
  return object;
}

void print_text(store::Store& store, const SweepReport& sweep) {
  const nlohmann::json object = summary_of(store, sweep);
  fmt::print("{}: campaign {}, {} of {} cycles, control {}, {:.1f} s\n",
             object["scenario"].get<std::string>(), object["campaign"].get<std::int64_t>(),
             object["runs"].get<std::uint64_t>(), object["points"].get<std::uint64_t>(),
             object["control"].is_null() ? "-" : object["control"].get<std::string>(),
             sweep.seconds);
  for (const auto& [verdict, count] : object["verdicts"].items()) {
    fmt::print("  {:>6}  {}\n", count.get<std::uint64_t>(), verdict);
  }
  if (sweep.coverage) fmt::print("{}", to_text(*sweep.coverage));
  constexpr std::size_t kShown = 3;
  const auto& examples = object["counterexamples"];
  for (std::size_t i = 0; i < std::min(kShown, examples.size()); ++i) {
    fmt::print("  otarig replay '{}'\n", examples[i]["plan"].get<std::string>());
  }
}

}  // namespace

void SweepCommand::run(Invocation& invocation) const {
  InterruptWatch interrupt;
  store::Store store(invocation.database_path());
  nlohmann::json all = nlohmann::json::array();
  invocation.exit_code = kExitPass;
  for (const std::string& scenario : scenarios_) {
    const SweepReport sweep = sweep_scenario({invocation, store, interrupt}, scenario, options_);
    int code = exit_code_of(store.summary(sweep.campaign), sweep.end);
    const bool undecided = sweep.coverage && sweep.coverage->end == explore::ExploreEnd::budget;
    if (code == kExitPass && undecided) code = kExitNoTrial;
    invocation.exit_code = worse(invocation.exit_code, code);
    if (invocation.json) {
      all.push_back(summary_of(store, sweep));
    } else {
      print_text(store, sweep);
    }
    if (sweep.end == explore::SweepEnd::stopped) break;
  }
  if (invocation.json) fmt::print("{}\n", (all.size() == 1 ? all[0] : all).dump(2));
}

}  // namespace rig::cli
