#include "ota/push_plan.h"

#include <gtest/gtest.h>

#include "unit/ota/scripted_device.h"

namespace rig::ota {
namespace {

using testing::make_entry;

const Catalogue& catalogue() {
  static const Catalogue all{
      make_entry({.function = ModuleFunction::user, .version = 1, .needs_system = 604}),
      make_entry({.function = ModuleFunction::user, .version = 2, .needs_system = 700}),
      make_entry({.function = ModuleFunction::system, .version = 800}),
      make_entry({.function = ModuleFunction::system, .version = 700}),
      make_entry({.function = ModuleFunction::system, .version = 750}),
      make_entry({.function = ModuleFunction::system, .version = 604}),
      make_entry({.function = ModuleFunction::bootloader, .version = 2000})};
  return all;
}

DescribedModule module(ModuleFunction function, std::uint16_t version) {
  return {.function = function, .version = version, .checked = 30, .passed = 30};
}

DescribedModule user(std::uint16_t version, std::uint16_t needs, unsigned passed = 30) {
  return {.function = ModuleFunction::user,
          .version = version,
          .checked = 30,
          .passed = passed,
          .needs = {{ModuleFunction::system, needs}}};
}

Describe device(std::vector<DescribedModule> more, std::uint16_t system = 604) {
  more.push_back(module(ModuleFunction::system, system));
  more.push_back(module(ModuleFunction::bootloader, 700));
  return {.platform = 10, .modules = std::move(more)};
}

struct Asked {
  Describe describe;
  Target target{};
  DeviceMode mode{DeviceMode::safe};
  OfferCounts offered{};
  std::uint32_t offers{0};
  bool healing{true};
};

PushPlan plan(const Asked& asked) {
  return plan_push({.catalogue = catalogue(),
                    .describe = asked.describe,
                    .target = asked.target,
                    .offered = asked.offered,
                    .mode = asked.mode,
                    .healing = asked.healing,
                    .offers = asked.offers});
}

std::string next(const PushPlan& plan) {
  if (!plan.next) return "nothing";
  return std::string(name_of(plan.next->entry->function)) + " " +
         std::to_string(plan.next->entry->version);
}

TEST(PushPlan, NormalModePushesTheUserApplicationFirst) {
  const Target target{.user = 2, .system = 700, .bootloader = 2000};
  EXPECT_EQ(next(plan({device({user(1, 604)}), target, DeviceMode::normal})), "user 2");
  EXPECT_EQ(next(plan({device({user(2, 700)}), target, DeviceMode::normal})), "system 700");
  EXPECT_EQ(next(plan({device({user(2, 700)}, 700), target, DeviceMode::normal})),
            "bootloader 2000");
}

TEST(PushPlan, NothingWantedNothingPushed) {
  EXPECT_EQ(next(plan({device({user(1, 604)}), {}, DeviceMode::normal})), "nothing");
}

TEST(PushPlan, VersionThatTheDeviceHasIntactIsNeverPushed) {
  const Target target{.user = 1, .system = 604};
  EXPECT_EQ(next(plan({device({user(1, 604)}), target, DeviceMode::normal})), "nothing");
  EXPECT_EQ(next(plan({device({user(1, 604)}), target, DeviceMode::safe})), "nothing");
}

TEST(PushPlan, HealerPushesTheLowestVersionThatIsEnough) {
  const PushPlan healed = plan({device({user(2, 700)})});
  EXPECT_EQ(next(healed), "system 700");
  EXPECT_EQ(healed.next->healing, "module=system ver=700 because user 2 needs it");
}

TEST(PushPlan, HealerPrefersTheWantedVersionWhenItIsEnough) {
  EXPECT_EQ(next(plan({device({user(2, 700)}), {.system = 800}})), "system 800");
  EXPECT_EQ(next(plan({device({user(2, 700)}), {.system = 604}})), "system 700");
}

TEST(PushPlan, MissingUserModuleComesBackAfterWhatItNeeds) {
  const PushPlan first = plan({device({}), {.user = 2}});
  EXPECT_EQ(next(first), "system 700");
  EXPECT_EQ(first.next->healing, "module=system ver=700 because user 2 needs it");
  const PushPlan then = plan({device({}, 700), {.user = 2}});
  EXPECT_EQ(next(then), "user 2");
  EXPECT_EQ(then.next->healing, "module=user ver=2 because it is missing");
}

TEST(PushPlan, CorruptUserModuleIsPushedAgainEvenWithoutATarget) {
  const PushPlan again = plan({device({user(2, 700, 28)}, 700)});
  EXPECT_EQ(next(again), "user 2");
  EXPECT_EQ(again.next->healing, "module=user ver=2 because it is corrupt");
  EXPECT_EQ(next(plan({device({user(2, 700, 28)}, 604)})), "system 700");
}

TEST(PushPlan, MissingUserModuleWithoutATargetIsNoted) {
  const PushPlan none = plan({device({})});
  EXPECT_EQ(next(none), "nothing");
  EXPECT_EQ(none.notes,
            std::vector<std::string>{"the user module is missing, and no version is wanted"});
}

TEST(PushPlan, WithoutHealingADeviceInSafeModeGetsNothing) {
  const PushPlan none = plan(
      {.describe = device({user(2, 700)}), .target = {.user = 2, .system = 700}, .healing = false});
  EXPECT_EQ(next(none), "nothing");
  EXPECT_EQ(none.notes, std::vector<std::string>{"safe mode, and healing is off"});
}

TEST(PushPlan, VersionThatIsNotInTheCatalogueIsNotedAndTheRestGoesOn) {
  const PushPlan rest =
      plan({device({user(1, 604)}), {.user = 9, .bootloader = 2000}, DeviceMode::normal});
  EXPECT_EQ(next(rest), "bootloader 2000");
  EXPECT_EQ(rest.notes, std::vector<std::string>{"module=user ver=9 is not in the catalogue"});
}

TEST(PushPlan, NeedThatNothingInTheCatalogueMeetsIsNoted) {
  const PushPlan none = plan({device({user(2, 900)}), {.user = 2}});
  EXPECT_EQ(next(none), "nothing");
  EXPECT_EQ(none.notes, std::vector<std::string>{"no system 900 or later in the catalogue"});
}

TEST(PushPlan, SystemThatTheUserModuleCannotRunOnIsNotPushed) {
  const PushPlan none =
      plan({device({user(2, 700)}, 800), {.user = 2, .system = 604}, DeviceMode::normal});
  EXPECT_EQ(next(none), "nothing");
  EXPECT_EQ(none.notes,
            std::vector<std::string>{"module=system ver=604 is not sent: user 2 needs 700"});
}

TEST(PushPlan, OfferLimitSkipsTheModuleButNotTheNextOne) {
  const Asked asked{.describe = device({user(1, 604)}),
                    .target = {.user = 2, .system = 700},
                    .mode = DeviceMode::normal,
                    .offered = {{{ModuleFunction::user, 2}, 1}},
                    .offers = 1};
  const PushPlan limited = plan(asked);
  EXPECT_EQ(next(limited), "system 700");
  EXPECT_EQ(limited.notes,
            std::vector<std::string>{"module=user ver=2 was offered 1 times: no more"});
}

TEST(PushPlan, TargetIsReachedWhenEveryWantedModuleIsIntact) {
  const Target target{.user = 2, .system = 700};
  EXPECT_FALSE(target_reached({}, device({user(2, 700)}, 700)));
  EXPECT_FALSE(target_reached(target, device({user(2, 700)}, 604)));
  EXPECT_FALSE(target_reached(target, device({user(2, 700, 28)}, 700)));
  EXPECT_TRUE(target_reached(target, device({user(2, 700)}, 700)));
}

}  // namespace
}  // namespace rig::ota
