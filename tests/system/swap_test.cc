// The two-slot family: good builds are acquitted wherever the power goes, planted defects convicted
// exactly where they are. Single cuts at the operations that matter; all of them together are
// explored in explore_test.cc.
#include <gtest/gtest.h>

#include <algorithm>

#include "explore/sweep.h"
#include "explore/trunk.h"
#include "gate/decision.h"
#include "gate/gather.h"
#include "record/judge.h"
#include "scenario/plan.h"
#include "system/shipped.h"
#include "system/small_swap.h"
#include "unit/store/store_fixture.h"

namespace rig {
namespace {

using record::Verdict;
using record::VerdictClass;
using Operations = std::vector<scenario::FlashOpInfo>;

constexpr std::uint32_t kSlot = 0x40000;
constexpr std::uint32_t kSlot0 = 0x08020000;
constexpr std::uint32_t kScratchStart = 0x080A0000;
constexpr std::uint32_t kLastMagicWordOfSlot1 = 0x0809FFFC;
constexpr std::uint32_t kTrailerSectorOfSlot1 = 0x08080000;
constexpr std::uint32_t kCopyDoneOfSlot0 = 0x0805FFE0;

// One scenario of the family, its control run, and single cuts of it.
class Swap {
 public:
  explicit Swap(const std::string& name)
      : Swap(scenario::load(library().scenarios / ("swap/" + name + ".yaml"), library())) {}
  // Of either build.
  explicit Swap(scenario::Scenario scenario)
      : bench_(std::move(scenario), library()), control_(explore::run_control(bench_, 1)) {}

  [[nodiscard]] Verdict control() const { return control_.outcome.judgement.verdict; }
  [[nodiscard]] const Operations& operations() const { return control_.operations; }
  // The number of the first operation at this address.
  [[nodiscard]] std::uint64_t operation_at(std::uint32_t address) const {
    const auto found = std::ranges::find(operations(), address, &scenario::FlashOpInfo::address);
    EXPECT_NE(found, operations().end()) << std::hex << address;
    return found == operations().end() ? 1 : found->index;
  }
  VerdictClass cut(std::uint64_t operation, record::TornModel torn) {
    const record::CutPlan cut{.trigger = record::FlashOpTrigger{operation},
                              .domains = {.board = true, .modem = false},
                              .off_for = std::chrono::seconds(2),
                              .torn = torn};
    auto single = explore::run_single(bench_, cut, 1);
    cuts_.push_back({record::to_text(bench_.plan_id(cut, 1)), single.outcome});
    return record::class_of(single.outcome.judgement.verdict);
  }
  // What the gate says of the control run and of all cuts so far.
  [[nodiscard]] gate::Answer gate() const;

 private:
  struct Booked {
    std::string plan;
    store::CycleOutcome outcome;
  };
  std::vector<Booked> cuts_;
  board::SimBench bench_;
  explore::ControlRun control_;
};

gate::Answer Swap::gate() const {
  const store::TemporaryFile file;
  store::Store store(file.path());
  store::CampaignStart start = store::some_campaign();
  start.scenario = bench_.scenario().id;
  const store::CampaignId campaign = store.begin_campaign(start);
  std::uint64_t index = 0;
  const auto book = [&](const Booked& cycle, store::CycleKind kind) {
    store::CycleIntent intent = store::intent(index++, kind);
    intent.plan = cycle.plan;
    store.finish_cycle(store.begin_cycle(campaign, intent), cycle.outcome, store::pack({}));
  };
  book({"control", control_.outcome}, store::CycleKind::control);
  for (const Booked& each : cuts_) book(each, store::CycleKind::cut);
  gate::Policy policy;
  policy.scenarios = {start.scenario};
  policy.emulated = gate::EmulatedRule{};  // no counterexample
  return gate::decide(policy, gate::gather(store, policy, {})).answer;
}

constexpr record::TornModel kOld{record::TornKind::old_state, 0};
constexpr record::TornModel kNew{record::TornKind::new_state, 0};
constexpr record::TornModel kHalfWord{record::TornKind::prefix, 1};
constexpr record::TornModel kHalfErased{record::TornKind::partial_erase, 500};
constexpr record::TornModel kQuarterErased{record::TornKind::partial_erase, 250};

TEST(SwapFamily, UpdatesWithoutACut) {
  for (const char* name : {"correct", "permanent", "revert"}) {
    const Swap swap(name);
    EXPECT_EQ(swap.control(), Verdict::survived_new) << name;
    // Three copies of a sector of 128 KB, word by word, and what stands in the trailers.
    EXPECT_GT(swap.operations().size(), 3 * 32'768U) << name;
    EXPECT_LT(swap.operations().size(), 3 * 32'768U + 60) << name;
  }
}

// Erases and the words of the trailers, of the small build; the words of the copies are explored
// elsewhere.
TEST(SwapFamily, SurvivesCutsAtEveryStepOfTheGoodBuild) {
  for (const char* name : {"permanent", "revert"}) {
    Swap swap(load_small(library(), name));
    EXPECT_EQ(swap.gate(), gate::Answer::not_enough) << name << ": nothing was cut yet";
    for (const scenario::FlashOpInfo& operation : swap.operations()) {
      const bool trailer =
          operation.address < kScratchStart && (operation.address - kSlot0) % kSlot >= kSlot / 2;
      if (!operation.erase && !trailer) continue;
      for (const auto torn : {kNew, operation.erase ? kHalfErased : kHalfWord}) {
        EXPECT_EQ(swap.cut(operation.index, torn), VerdictClass::pass)
            << name << " operation " << operation.index << " " << record::to_text(torn);
      }
    }
    EXPECT_EQ(swap.gate(), gate::Answer::accept) << name;
  }
}

// Each at one cut that shows it; that nothing else is wrong with it shows its control run.
TEST(SwapMutants, AreConvictedAtTheirDefect) {
  struct Defect {
    const char* name;
    std::uint32_t address;  // of the operation that is cut
    record::TornModel torn;
  };
  constexpr std::uint32_t kInScratch = 0x080A1000;
  constexpr std::uint32_t kInSlot0 = 0x08021000;
  for (const Defect& defect :
       {Defect{"request-dropped-early", kTrailerSectorOfSlot1, kNew},
        Defect{"size-never-written", kInScratch, kOld}, Defect{"header-on-resume", kSlot0, kNew},
        Defect{"type-forgotten", kInSlot0, kOld}, Defect{"confirmed-last", kCopyDoneOfSlot0, kNew},
        Defect{"status-early", kInScratch, kOld},
        Defect{"blank-by-first-word", kSlot0, kQuarterErased}}) {
    Swap mutant(defect.name);
    EXPECT_EQ(mutant.control(), Verdict::survived_new) << defect.name;
    const VerdictClass outcome = mutant.cut(mutant.operation_at(defect.address), defect.torn);
    EXPECT_TRUE(outcome == VerdictClass::lost || outcome == VerdictClass::degraded) << defect.name;
    EXPECT_EQ(mutant.gate(), gate::Answer::reject) << defect.name;
  }
}

TEST(SwapMutants, OnlyATornMagicShowsThatARevertNeedsNone) {
  Swap good("revert");
  Swap mutant("revert-needs-unset");
  EXPECT_EQ(mutant.control(), Verdict::survived_new);
  const std::uint64_t operation = mutant.operation_at(kLastMagicWordOfSlot1);
  EXPECT_EQ(mutant.cut(operation, kOld), VerdictClass::pass);
  EXPECT_EQ(mutant.cut(operation, kNew), VerdictClass::pass);
  EXPECT_EQ(mutant.cut(operation - 1, kHalfWord), VerdictClass::pass);
  EXPECT_EQ(mutant.gate(), gate::Answer::accept) << "what was not cut cannot be known";
  EXPECT_EQ(mutant.cut(operation, kHalfWord), VerdictClass::lost);
  EXPECT_EQ(mutant.gate(), gate::Answer::reject);
  EXPECT_EQ(good.cut(good.operation_at(kLastMagicWordOfSlot1), kHalfWord), VerdictClass::pass);
  EXPECT_EQ(good.gate(), gate::Answer::accept);
}

TEST(SwapMutants, OnlyACutBehindTheEraseLosesTheRequest) {
  Swap mutant("request-in-backup");
  EXPECT_EQ(mutant.control(), Verdict::survived_new);
  const std::uint64_t erase = mutant.operation_at(kTrailerSectorOfSlot1);
  EXPECT_EQ(mutant.cut(erase, kNew), VerdictClass::degraded);
  EXPECT_EQ(mutant.cut(erase, kOld), VerdictClass::pass);
  EXPECT_EQ(mutant.cut(erase, kHalfErased), VerdictClass::pass);
  EXPECT_EQ(mutant.cut(erase + 1, kOld), VerdictClass::pass);
  EXPECT_EQ(mutant.gate(), gate::Answer::reject);
}

// A trial that the power ended is none: the old image comes back.
TEST(SwapFamily, TheLastWordOfASwapOnTrialMayCostTheTrial) {
  Swap swap("correct");
  EXPECT_EQ(swap.cut(swap.operation_at(kCopyDoneOfSlot0), kNew), VerdictClass::pass);
  EXPECT_EQ(swap.gate(), gate::Answer::accept);
}

}  // namespace
}  // namespace rig
