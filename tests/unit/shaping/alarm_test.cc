#include "shaping/alarm.h"

#include <gtest/gtest.h>

namespace rig::shaping {
namespace {

using namespace std::chrono_literals;

TEST(Alarm, RingsALittleBeforeAsLongAsNobodyWasLate) {
  Alarm alarm;
  EXPECT_EQ(alarm.before(1s), 150us);
  EXPECT_EQ(alarm.just_before(), 10us);
  alarm.slept_beyond(40us);
  alarm.looked_around_for(2us);
  EXPECT_EQ(alarm.before(1s), 150us);
  EXPECT_EQ(alarm.just_before(), 10us);
}

TEST(Alarm, RingsAsMuchEarlierAsItWasLateAndForgetsThat) {
  Alarm alarm;
  alarm.slept_beyond(400us);
  EXPECT_EQ(alarm.before(1s), 800us);
  for (int i = 0; i < 50; ++i) alarm.slept_beyond(0us);
  EXPECT_GT(alarm.before(1s), 600us);
  for (int i = 0; i < 1000; ++i) alarm.slept_beyond(0us);
  EXPECT_EQ(alarm.before(1s), 150us);
}

TEST(Alarm, KeepsNobodyAwakeForMoreThanATenthOfTheTime) {
  Alarm alarm;
  alarm.slept_beyond(1s);
  EXPECT_EQ(alarm.before(1s), 5ms);
  EXPECT_EQ(alarm.before(20ms), 2ms);
  EXPECT_EQ(alarm.before(100us), 150us);
}

TEST(Alarm, LooksAtTheClockAloneForAsLongAsLookingAroundTakes) {
  Alarm alarm;
  alarm.looked_around_for(70us);
  EXPECT_EQ(alarm.just_before(), 140us);
  alarm.looked_around_for(1s);
  EXPECT_EQ(alarm.just_before(), 300us);
}

}  // namespace
}  // namespace rig::shaping
