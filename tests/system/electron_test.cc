// The facts of the second field report, the planted defects, and exact replay, on the real machine
// code of the product. Few cut points each: the sanitized build takes its time.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/rig_error.h"
#include "explore/sweep.h"
#include "explore/trunk.h"
#include "record/judge.h"
#include "scenario/plan.h"
#include "system/shipped.h"

namespace rig {
namespace {

using record::Verdict;
using record::VerdictClass;

scenario::Scenario load(const std::string& name) {
  return scenario::load(library().scenarios / ("electron/" + name + ".yaml"), library());
}

struct Swept {
  explore::SweepEnd end{};
  std::map<Verdict, int> counts;
  std::map<std::string, std::map<Verdict, int>> by_phase;
  std::vector<explore::PlannedCycle> planned;
  std::map<std::uint64_t, explore::FinishedCycle> finished;
  record::Timeline trunk;

  [[nodiscard]] int failures() const {
    int total = 0;
    for (const auto& [verdict, count] : counts) {
      if (record::class_of(verdict) == VerdictClass::degraded ||
          record::class_of(verdict) == VerdictClass::lost) {
        total += count;
      }
    }
    return total;
  }
  [[nodiscard]] int of(Verdict verdict) const {
    const auto found = counts.find(verdict);
    return found == counts.end() ? 0 : found->second;
  }
};

Swept sweep(scenario::Scenario scenario, std::uint32_t points) {
  std::get<scenario::Sweep>(scenario.cut).points = points;
  const board::SimBench bench(std::move(scenario), library());
  Swept swept;
  const explore::SweepObserver observer{.control = [](const explore::FinishedCycle&) {},
                                        .planned =
                                            [&](const explore::SweepPlan& plan) {
                                              swept.planned = plan.cycles;
                                              swept.trunk = plan.trunk;
                                            },
                                        .finished =
                                            [&](explore::FinishedCycle cycle) {
                                              const record::Judgement& judgement =
                                                  cycle.outcome.judgement;
                                              ++swept.counts[judgement.verdict];
                                              ++swept.by_phase[judgement.phase][judgement.verdict];
                                              swept.finished[cycle.index] = std::move(cycle);
                                            },
                                        .stop = [] { return false; }};
  swept.end = explore::run_sweep(bench, {.seed = 1, .jobs = 2}, observer);
  return swept;
}

// domain facts, section 0: 0.6.4 and 2.0 finish an interrupted copy, 0.7.0 has forgotten it.
TEST(Facts, ResumingBootloadersLoseNothingWithTheBuiltInSim) {
  for (const char* name : {"0.6.4-built-in-both", "2.0.0-built-in-both"}) {
    const Swept swept = sweep(load(name), 24);
    EXPECT_EQ(swept.end, explore::SweepEnd::complete) << name;
    EXPECT_EQ(swept.failures(), 0) << name;
    EXPECT_GT(swept.of(Verdict::resumed), 0) << name;
    EXPECT_EQ(swept.of(Verdict::void_trial), 0) << name;
  }
}

TEST(Facts, Bootloader070LosesTheUserFirmwareToCutsDuringTheCopy) {
  Swept swept = sweep(load("0.7.0-built-in-both"), 24);
  EXPECT_GT(swept.by_phase["applying"][Verdict::user_firmware_lost], 0);
  EXPECT_EQ(swept.by_phase["applying"][Verdict::resumed], 0);
  EXPECT_EQ(swept.of(Verdict::unreachable), 0);
}

TEST(Facts, SafeModeWithoutTheModemsApnIsUnreachable) {
  Swept both = sweep(load("2.0.0-third-party-both"), 24);
  EXPECT_GT(both.of(Verdict::unreachable), 0);
  const Swept board = sweep(load("2.0.0-third-party-board"), 24);
  EXPECT_EQ(board.failures(), 0);
}

TEST(Facts, ABootloaderThatReplacesItselfBricks) {
  EXPECT_GT(sweep(load("bootloader-update"), 24).of(Verdict::bricked), 0);
}

TEST(Facts, AnApnKeptInFlashHolds) {
  EXPECT_EQ(sweep(load("mitigation-apn-in-flash-2.0.0"), 24).failures(), 0);
}

struct Mutant {
  const char* name;
  const char* good;  // the same product without the defect
};

std::ostream& operator<<(std::ostream& to, const Mutant& mutant) { return to << mutant.name; }

class Mutants : public testing::TestWithParam<Mutant> {};

// The same scenario acquits the good build and convicts the mutant, so it is the planted defect
// that is convicted.
TEST_P(Mutants, AreConvictedWhereTheGoodBuildPasses) {
  scenario::Scenario mutant = load(std::string("mutants/") + GetParam().name);
  scenario::Scenario good = mutant;
  good.board.firmware = GetParam().good;
  EXPECT_EQ(sweep(good, 16).failures(), 0);
  EXPECT_GT(sweep(mutant, 32).failures(), 0);
}

INSTANTIATE_TEST_SUITE_P(Electron, Mutants,
                         testing::Values(Mutant{"slot-freed-early", "electron-2.0.0"},
                                         Mutant{"header-means-installed", "electron-2.0.0"},
                                         Mutant{"factory-on-bad-user", "electron-2.0.0"},
                                         Mutant{"user-copied-in-place", "electron-2.0.0"},
                                         Mutant{"dct-in-place", "electron-2.0.0-apn-in-flash"},
                                         Mutant{"apn-cleared-by-update",
                                                "electron-2.0.0-apn-in-flash"}),
                         [](const auto& each) {
                           std::string name = each.param.name;
                           std::erase(name, '-');
                           return name;
                         });

VerdictClass plain_update(scenario::Scenario scenario) {
  const board::SimBench bench(std::move(scenario), library());
  return record::class_of(explore::run_single(bench, std::nullopt, 1).outcome.judgement.verdict);
}

// Defects that need no cut: the plain update shows them.
TEST(PlainMutants, AreConvictedWhereTheGoodBuildPasses) {
  for (const char* name :
       {"reset-before-free", "watchdog-starved", "user-forgets-apn", "blank-by-header"}) {
    const scenario::Scenario mutant = load(std::string("mutants/") + name);
    scenario::Scenario good = mutant;
    good.board.firmware = "electron-2.0.0";
    EXPECT_EQ(plain_update(good), VerdictClass::pass) << name;
    const VerdictClass found = plain_update(mutant);
    EXPECT_TRUE(found == VerdictClass::lost || found == VerdictClass::degraded) << name;
  }
}

// The first erase of the copy, named by the function that makes it and by its place in the flash:
// the same instant, so the same recovery.
TEST(Symbols, TheSimulatedBoardStopsBeforeAFunction) {
  const board::SimBench bench(load("2.0.0-built-in-both"), library());
  const auto cut = record::cut_plan_from("symbol=bootloader/board_flash_erase.1:cut=board:off=2s");
  ASSERT_TRUE(cut.has_value());
  const auto single = explore::run_single(bench, cut, 1);
  EXPECT_EQ(single.outcome.judgement.verdict, Verdict::resumed);
  EXPECT_EQ(single.outcome.judgement.phase, "applying");
  const auto nothing = record::cut_plan_from("symbol=bootloader/no_such_function.1:cut=board");
  EXPECT_THROW(static_cast<void>(bench.cycle(nothing, 1)), base::UsageError);
}

// The trigger comes once, the cut a second later: time must go on between the two.
TEST(Offsets, ACutBehindWireBytesComesAfterItsOffset) {
  const board::SimBench bench(load("2.0.0-built-in-both"), library());
  const auto cut = record::cut_plan_from("bytes=down.3000:cut=board:off=2s:offset=1s");
  ASSERT_TRUE(cut.has_value());
  const auto single = explore::run_single(bench, cut, 1);
  EXPECT_EQ(single.outcome.judgement.phase, "downloading");
}

struct Kind {  // of cycle: what came of it, and where it was cut
  Verdict verdict{};
  std::string phase;
  auto operator<=>(const Kind&) const = default;
};

// The first cycle of every kind again, by itself from its plan id.
std::set<Kind> replay_every_kind(const scenario::Scenario& scenario) {
  const Swept swept = sweep(scenario, 24);
  const board::SimBench bench(scenario, library());
  std::set<Kind> replayed;
  for (const explore::PlannedCycle& planned : swept.planned) {
    const auto& finished = swept.finished.at(planned.index);
    const record::Judgement& judgement = finished.outcome.judgement;
    if (!replayed.insert({judgement.verdict, judgement.phase}).second) continue;
    const auto plan = record::plan_id_from(planned.plan);
    const auto stored = store::unpack(finished.timeline, swept.trunk);
    if (!plan || !stored) throw std::runtime_error("unreadable: " + planned.plan);
    const auto single = explore::run_single(bench, plan->cut, plan->seed);
    EXPECT_EQ(record::encode(single.timeline), record::encode(*stored)) << planned.plan;
    EXPECT_EQ(single.outcome.judgement.verdict, judgement.verdict) << planned.plan;
  }
  return replayed;
}

// A branch of the trunk and a fresh run from its plan id: the same timeline, byte for byte.
TEST(Replay, RepeatsEveryKindOfCycleExactly) {
  std::set<Verdict> verdicts;
  for (const char* name : {"0.7.0-built-in-both", "0.7.0-third-party-both", "bootloader-update"}) {
    for (const Kind& kind : replay_every_kind(load(name))) verdicts.insert(kind.verdict);
  }
  EXPECT_GE(verdicts.size(), 5U);
}

// The judge judges the timeline, not the story: take a fact away and the verdict goes with it.
TEST(Judge, FailsWhenAFactIsFlipped) {
  const board::SimBench bench(load("2.0.0-built-in-both"), library());
  const auto cut = record::cut_plan_from("flash-op=16500.during:torn=old:cut=board+modem:off=2s");
  ASSERT_TRUE(cut.has_value());
  auto single = explore::run_single(bench, cut, 1);
  const record::Contract contract = scenario::contract_of(bench.scenario(), cut);
  ASSERT_EQ(record::class_of(single.outcome.judgement.verdict), VerdictClass::pass);
  record::Timeline unproven = single.timeline;
  std::erase_if(unproven, [](const record::Event& event) {
    return event.lane == record::Lane::power && event.kind == record::EventKind::off;
  });
  EXPECT_EQ(record::judge(contract, unproven).verdict, Verdict::void_trial);
  record::Timeline wrong = single.timeline;
  for (record::Event& event : wrong) {
    const auto at = event.text.find("user=3 system");
    if (event.kind == record::EventKind::observed && at != event.text.npos) {
      event.text.replace(at, 6, "user=0");
    }
  }
  EXPECT_NE(record::class_of(record::judge(contract, wrong).verdict), VerdictClass::pass);
}

}  // namespace
}  // namespace rig
