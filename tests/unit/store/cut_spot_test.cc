#include "store/cut_spot.h"

#include <gtest/gtest.h>

namespace rig::store {
namespace {

using record::Event;
using record::EventKind;
using record::Lane;
using record::Timeline;

base::Instant at(std::int64_t seconds) { return base::Instant(std::chrono::seconds(seconds)); }

Timeline cut_timeline() {
  return {
      Event{at(1), Lane::device, EventKind::observed, 0, 0, "online mode=normal"},
      Event{at(40), Lane::rig, EventKind::cut_landed, 0, 18'234,
            "phase=applying op=program@0x08080040"},
      Event{at(40), Lane::flash, EventKind::torn, 0x08080040, 1, "prefix.1"},
      Event{at(40), Lane::power, EventKind::off, 0, 0, "board"},
      Event{at(42), Lane::power, EventKind::on, 0, 0, "board"},
      Event{at(60), Lane::device, EventKind::observed, 0, 0, "online mode=safe"},
  };
}

TEST(CutSpot, IsReadFromTheLandedCut) {
  const CutSpot spot = cut_spot_of(cut_timeline());
  EXPECT_EQ(spot.op, 18'234U);
  EXPECT_EQ(spot.address, 0x08080040U);
  EXPECT_EQ(spot.op_kind, "program");
  EXPECT_EQ(spot.torn, "prefix.1");
  EXPECT_EQ(spot.at, std::chrono::seconds(40));
}

TEST(CutSpot, IsEmptyWithoutACut) {
  EXPECT_EQ(cut_spot_of({}), CutSpot{});
  Timeline missed{Event{at(1), Lane::rig, EventKind::cut_missed, 0, 0, "never fired"}};
  EXPECT_FALSE(cut_spot_of(missed).at);
}

TEST(Recovery, CountsFromPowerToOnline) {
  EXPECT_EQ(recovery_of(cut_timeline()), std::chrono::seconds(18));
  Timeline dead = cut_timeline();
  dead.pop_back();
  EXPECT_FALSE(recovery_of(dead));
  EXPECT_FALSE(recovery_of({}));
}

}  // namespace
}  // namespace rig::store
