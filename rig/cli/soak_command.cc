#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "base/rig_error.h"
#include "cli/commands.h"
#include "cli/controller.h"
#include "cli/interrupt.h"
#include "cli/recorder.h"
#include "cli/soak_gate.h"
#include "cli/soak_progress.h"
#include "cli/soak_real.h"
#include "cli/soak_summary.h"
#include "cli/soaking.h"

namespace rig::cli {
namespace {

using campaign::SoakEnd;

std::string name_for_now() {
  return fmt::format("soak-{:%Y-%m-%d-%H%M%S}", fmt::localtime(std::time(nullptr)));
}

// The night that a resume without a name means: the latest that is not finished.
store::Soak unfinished(store::Store& store, const std::string& name) {
  const std::string& path = store.database().path();
  if (name != "latest") {
    if (auto row = store::soak_named(store, name)) return *row;
    throw base::UsageError(fmt::format("{}: there is no soak '{}'", path, name));
  }
  const auto all = store::soaks(store);
  const auto found = std::find_if(all.rbegin(), all.rend(), [](const store::Soak& each) {
    return each.state != store::CampaignState::finished;
  });
  if (found != all.rend()) return *found;
  throw base::UsageError(path + ": no soak is unfinished; nothing to resume");
}

void take_over(store::Store& store, store::Soak& row) {
  if (row.state == store::CampaignState::finished) {
    throw base::UsageError(fmt::format("soak '{}' is finished; begin another night", row.batch));
  }
  const store::Controller self = this_process();
  const bool taken = !is_alive(row.controller) || row.state != store::CampaignState::running
                         ? store::take_soak(store, row.batch, row.controller, self)
                         : false;
  if (!taken) {
    throw base::UsageError(fmt::format("soak '{}' is still run by process {}; stop that one first",
                                       row.batch, row.controller.pid));
  }
  row.controller = self;
  row.state = store::CampaignState::running;
  row.ended_unix_us.reset();
}

campaign::SoakClock real_clock() {
  return {
      .steady = [] { return base::Duration(std::chrono::steady_clock::now().time_since_epoch()); },
      .wall_unix_us = [] { return unix_us_now(); }};
}

// Where nothing is said and there is no bench, one simulated board per processor.
unsigned sims_of(const SoakOptions& options, const RealBench& real) {
  const unsigned by_itself = real.empty() ? std::max(1U, std::thread::hardware_concurrency()) : 0;
  return options.sim.value_or(by_itself);
}

// Everything that can be wrong with the request is found before the night is in the store.
store::Soak begun(store::Store& store, const SoakOptions& options, std::uint64_t seed,
                  const std::string& bench) {
  store::Soak row;
  row.batch = options.name.empty() ? name_for_now() : options.name;
  row.seed = seed;
  row.options = row_of(options, bench);
  row.started_unix_us = unix_us_now();
  row.length = length_of(options);
  row.cycles = options.cycles;
  row.controller = this_process();
  store::begin_soak(store, row);
  return row;
}

struct Begun {
  SoakOptions options;
  store::Soak row;
  std::optional<gate::Policy> policy;
};

// What looks at every cycle that was booked.
struct Lookers {
  store::LatestTimelines latest;
  std::optional<NightGate> gate{};
};

campaign::SoakHooks hooks_of(InterruptWatch& interrupt, SoakProgress& progress, RealBench& real,
                             Lookers& lookers) {
  return {.stop = [&interrupt] { return interrupt.pending(); },
          .show = [&progress](const auto& view) { progress.show(view); },
          .let_go = [&real] { real.interrupt_all(); },
          .booked =
              [&lookers](const campaign::Booked& cycle) {
                lookers.latest.tick();
                if (lookers.gate) lookers.gate->booked(cycle);
              },
          .known = [&lookers] { return lookers.gate && lookers.gate->known(); }};
}

NightSummary run_night(store::Store& store, const NightParts& parts, RealBench& real,
                       const Begun& begun) {
  InterruptWatch interrupt;
  auto boards = sim_boards(parts, sims_of(begun.options, real), begun.row);
  for (auto& board : real.boards(parts, begun.row)) boards.push_back(std::move(board));
  respect_quarantine(store, boards);
  const campaign::SoakClock clock = real_clock();
  campaign::Soak soak(store, begun.row, parts.night, clock);
  for (auto& board : boards) soak.add(std::move(board));
  Lookers lookers{.latest = store::LatestTimelines(store, begun.options.keep_timelines)};
  if (begun.policy) lookers.gate.emplace(store, *begun.policy, begun.row.batch);
  SoakEnd end = SoakEnd::no_board_left;
  if (!parts.night.entries.empty()) {
    SoakProgress progress(begun.row.batch);
    end = soak.run(hooks_of(interrupt, progress, real, lookers));
  }
  NightSummary night{.name = begun.row.batch,
                     .end = end,
                     .view = soak.view(),
                     .left_out = parts.left_out,
                     .campaigns = {}};
  add_campaigns(night, store);
  if (!lookers.gate) return night;
  night.gate = lookers.gate->decision();
  night.standing = lookers.gate->standing();
  return night;
}

}  // namespace

void SoakCommand::run(Invocation& invocation) const {
  try {
    soak(invocation);
  } catch (const Interrupted& interrupted) {
    fmt::print(stderr, "otarig: {}\n", interrupted.what());
    invocation.exit_code = kExitInterrupted;
  }
}

void SoakCommand::soak(Invocation& invocation) const {
  const bool resumes = !resume_.empty();
  if (!resumes) check(options_);
  if (resumes && !policy_.empty()) {
    throw base::UsageError("soak: a night goes on with the policy it began with; leave --gate out");
  }
  SoakOptions options = options_;
  if (!policy_.empty()) take_policy(options, policy_);
  const char* bench = std::getenv("OTARIG_BENCH");
  if (!resumes && invocation.bench.empty() && bench != nullptr) invocation.bench = bench;
  store::Store store(invocation.database_path(),
                     {.if_missing = resumes ? store::IfMissing::refuse : store::IfMissing::create,
                      .commit = store::Commit::timed});
  std::optional<store::Soak> row;
  if (resumes) {
    row = unfinished(store, resume_);
    options = options_of(row->options);
    invocation.bench = row->options["bench"];
    take_over(store, *row);
  }
  const std::uint64_t seed =
      row ? row->seed : options.seed.value_or(static_cast<std::uint64_t>(unix_us_now()));
  RealBench real(invocation, options.boards);
  real.make_safe(store);
  const NightParts parts =
      prepare_night(invocation, options, seed,
                    {.store = store, .real = real, .on_sim = sims_of(options, real) > 0});
  const std::optional<gate::Policy> policy = policy_of(options, parts);
  if (resumes) {
    require_same_night(store, parts, row->batch);
  } else {
    row = begun(store, options, seed, real.file());
  }
  const NightSummary night = run_night(store, parts, real, {options, *row, policy});
  invocation.exit_code = exit_code_of(night);
  if (invocation.json) return fmt::print("{}\n", to_json(night).dump(2));
  print_text(night);
}

}  // namespace rig::cli
