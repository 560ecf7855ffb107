#include "record/cut_plan.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rig::record {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

const char* const kHeaderExample =
    "electron/0.7.0-third-party-both@3fa1b2c4d5e6:flash-op=18234.during:torn=prefix.1:"
    "cut=board+modem:off=2000ms:seed=7";

TEST(PlanId, ExampleOfTheHeader) {
  const auto plan = plan_id_from(kHeaderExample);
  ASSERT_TRUE(plan.has_value());
  EXPECT_EQ(plan->scenario, "electron/0.7.0-third-party-both");
  EXPECT_EQ(plan->firmware, "3fa1b2c4d5e6");
  EXPECT_EQ(plan->seed, 7U);
  ASSERT_TRUE(plan->cut.has_value());
  const auto trigger = std::get<FlashOpTrigger>(plan->cut->trigger);
  EXPECT_EQ(trigger.op, 18234U);
  EXPECT_EQ(trigger.moment, OpMoment::during);
  EXPECT_EQ(plan->cut->torn, (TornModel{TornKind::prefix, 1}));
  EXPECT_EQ(plan->cut->domains, (Domains{true, true}));
  EXPECT_EQ(plan->cut->off_for, seconds(2));
  EXPECT_EQ(to_text(*plan), kHeaderExample);
}

TEST(PlanId, NamesFunctionsAndVariables) {
  const auto code = cut_plan_from("symbol=bootloader/board_flash_program.12:cut=board");
  ASSERT_TRUE(code.has_value());
  EXPECT_EQ(code->trigger, Trigger(SymbolTrigger{{"bootloader", "board_flash_program"}, 12}));
  EXPECT_TRUE(to_text(*code).starts_with("symbol=bootloader/board_flash_program.12:"));
  const auto data = cut_plan_from("watch=system/electron_system.read.3:cut=board");
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->trigger,
            Trigger(WatchTrigger{{"system", "electron_system"}, WatchAccess::read, 3}));
  EXPECT_EQ(cut_plan_from(to_text(*data)), data);
  for (const char* bad : {"symbol=main.1:cut=board", "symbol=kernel/main.1:cut=board",
                          "symbol=system/.1:cut=board", "symbol=system/main.0:cut=board",
                          "watch=system/x.poke.1:cut=board", "watch=system/x.1:cut=board"}) {
    EXPECT_FALSE(cut_plan_from(bad).has_value()) << bad;
  }
}

TEST(PlanId, FurtherCutsFollowInOrder) {
  const auto cut = cut_plan_from("flash-op=12:torn=new:cut=board:then=17.prefix.1+3.old");
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->then, (std::vector<NextCut>{{17, {TornKind::prefix, 1}}, {3, {}}}));
  EXPECT_EQ(to_text(*cut),
            "flash-op=12.during:torn=new:cut=board:off=2000ms:then=17.prefix.1+3.old");
  EXPECT_EQ(cut_plan_from(to_text(*cut)), cut);
  for (const char* bad : {"flash-op=1:then=", "flash-op=1:then=0.new", "flash-op=1:then=5",
                          "flash-op=1:then=5.new+", "flash-op=1:then=5.odd"}) {
    EXPECT_FALSE(cut_plan_from(bad).has_value()) << bad;
  }
}

TEST(PlanId, SaysOnWhichGridPowerReturns) {
  const std::string text = "flash-op=12.during:torn=new:cut=board:off=2000ms:grid=10000ms";
  const auto cut = cut_plan_from("flash-op=12:torn=new:cut=board:grid=10s");
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(to_text(*cut), text);
  EXPECT_EQ(cut_plan_from(text), cut);
  EXPECT_FALSE(cut_plan_from("flash-op=12:cut=board:grid=0s").has_value());
  const auto back = [&cut](base::Duration at) {
    return return_of_power(*cut, base::kCycleStart + at) - base::kCycleStart;
  };
  EXPECT_EQ(back(seconds(1)), seconds(10));
  EXPECT_EQ(back(seconds(8)), seconds(10));
  EXPECT_EQ(back(seconds(8) + base::Duration(1)), seconds(20));
  EXPECT_EQ(return_of_power({}, base::kCycleStart + seconds(1)), base::kCycleStart + seconds(3));
}

TEST(PlanId, ControlRunHasNoCut) {
  const PlanId plan{.scenario = "a", .firmware = "f00", .cut = std::nullopt, .seed = 0};
  EXPECT_EQ(to_text(plan), "a@f00:cut=none:seed=0");
  EXPECT_EQ(plan_id_from(to_text(plan)), plan);
}

TEST(PlanId, NamesTheLinkProfileThatTookTheScenariosPlace) {
  PlanId plan{.scenario = "a", .firmware = "f00", .cut = std::nullopt, .seed = 3, .link = "2g b"};
  EXPECT_EQ(to_text(plan), "a@f00:cut=none:link=2g%20b:seed=3");
  EXPECT_EQ(plan_id_from(to_text(plan)), plan);
  plan.cut = cut_plan_from("flash-op=5.during:torn=old:cut=board:off=2s");
  EXPECT_EQ(plan_id_from(to_text(plan)), plan);
  EXPECT_FALSE(plan_id_from("a@f00:cut=none:link=:seed=3").has_value());
  EXPECT_FALSE(plan_id_from("a@f00:link=edge:cut=none:seed=3").has_value());
}

CutPlan with(Trigger trigger) {
  CutPlan cut;
  cut.trigger = std::move(trigger);
  return cut;
}

TEST(PlanId, EveryTriggerComesBack) {
  for (const Trigger& trigger : std::vector<Trigger>{
           TimeTrigger{microseconds(1500)}, TimeTrigger{nanoseconds(7)}, PhaseTrigger{"applying"},
           PhaseTrigger{"safe-mode", true}, ConsoleTrigger{"^boot.*copy (a|b):=@%$' 1.2", 3},
           BytesTrigger{base::Direction::up, 1}, BytesTrigger{base::Direction::down, 1ULL << 40},
           FlashOpTrigger{1, OpMoment::before}, FlashOpTrigger{2, OpMoment::after}}) {
    const PlanId plan{.scenario = "s", .firmware = "f", .cut = with(trigger), .seed = ~0ULL};
    const auto back = plan_id_from(to_text(plan));
    ASSERT_TRUE(back.has_value()) << to_text(plan);
    EXPECT_EQ(*back, plan) << to_text(plan);
  }
}

TEST(PlanId, EveryTornModelAndOptionalWordComesBack) {
  for (const TornKind kind :
       {TornKind::old_state, TornKind::new_state, TornKind::prefix, TornKind::partial_bits,
        TornKind::one_bit, TornKind::all_but_one_bit, TornKind::partial_erase}) {
    for (const std::uint32_t amount : {0U, 1U, 500U}) {
      CutPlan cut = with(FlashOpTrigger{5});
      cut.torn = {kind, amount};
      cut.domains = {false, true};
      cut.offset = milliseconds(3);
      cut.dither = microseconds(10);
      EXPECT_EQ(cut_plan_from(to_text(cut)), cut) << to_text(cut);
    }
  }
}

TEST(PlanId, ForeignCharactersNeverReachTheShell) {
  const PlanId plan{.scenario = "/tmp/my scenario;rm -rf $HOME:@.yaml",
                    .firmware = "f",
                    .cut = with(ConsoleTrigger{"`x` | \"y\" > &", 1}),
                    .seed = 1};
  const std::string text = to_text(plan);
  EXPECT_EQ(text.find_first_of(" ;$`|\"'<>&()*?\\~!#"), std::string::npos) << text;
  EXPECT_EQ(plan_id_from(text), plan);
}

TEST(PlanId, AcceptsOnlyTheOneSpelling) {
  EXPECT_FALSE(plan_id_from("").has_value());
  EXPECT_FALSE(plan_id_from("a@f:seed=1").has_value());
  EXPECT_FALSE(plan_id_from("a@f:cut=none:seed=01").has_value());
  EXPECT_FALSE(plan_id_from("a@f:cut=none:seed=-1").has_value());
  EXPECT_FALSE(plan_id_from("a@f:cut=none:seed=18446744073709551616").has_value());
  EXPECT_FALSE(plan_id_from("@f:cut=none:seed=1").has_value());
  EXPECT_FALSE(plan_id_from("a@:cut=none:seed=1").has_value());
  EXPECT_FALSE(plan_id_from("a%2@f:cut=none:seed=1").has_value());
  // Another spelling of the same cut.
  EXPECT_FALSE(plan_id_from("a@f:flash-op=1:torn=old:cut=board:off=2s:seed=1").has_value());
}

TEST(CutPlan, CommandLineFormIsLenient) {
  const auto cut = cut_plan_from("flash-op=18234:torn=prefix.1:cut=both:off=2s");
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(std::get<FlashOpTrigger>(cut->trigger).moment, OpMoment::during);
  EXPECT_EQ(cut->domains, (Domains{true, true}));
  EXPECT_EQ(cut_plan_from("time=2min")->trigger, Trigger{TimeTrigger{minutes(2)}});
  EXPECT_EQ(cut_plan_from("phase=applying")->trigger, Trigger{PhaseTrigger{"applying"}});
}

TEST(CutPlan, RefusesWhatItDoesNotKnow) {
  for (const char* text :
       {"", "flash-op=0", "flash-op=1.middle", "torn=old", "flash-op=1:flash-op=2",
        "flash-op=1:time=2s", "flash-op=1:colour=red", "flash-op=1:off=2", "flash-op=1:cut=none",
        "flash-op=1:torn=melted", "bytes=5", "bytes=sideways.5", "console=.1", "console=a.0",
        "phase=", "phase=a.never", "time=99999999999999999999s", "flash-op=1:"}) {
    EXPECT_FALSE(cut_plan_from(text).has_value()) << text;
  }
}

TEST(PlanId, RandomDamageIsRefusedOrReadsTheSame) {
  base::Random random(3);
  const std::string good = kHeaderExample;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    text[random.below(text.size())] = static_cast<char>(random.next());
    const auto plan = plan_id_from(text);
    if (plan) {
      EXPECT_EQ(to_text(*plan), text);
    }
  }
}

}  // namespace
}  // namespace rig::record
