// Events of a console without a clock, a port or a file.

#include "console/feed.h"

#include <gtest/gtest.h>

#include "unit/console/told.h"

namespace rig::console {
namespace {

using namespace std::chrono_literals;

constexpr Time at(io::Duration since_start) { return Time(since_start); }

class Feeding : public testing::Test {
 protected:
  void receive(std::string_view text, io::Duration when) {
    feed.receive(base::bytes_of(text), at(when), events);
  }

  Feed feed{{}};
  std::vector<Event> events;
};

TEST_F(Feeding, TurnsBytesIntoLines) {
  receive("boot\r\nslot=1\nhal", 1ms);
  EXPECT_EQ(to_text(events), "boot|slot=1|");
  EXPECT_EQ(feed.received(), 16U);
  EXPECT_EQ(feed.last_received(), at(1ms));
}

TEST_F(Feeding, KnowsThatNothingWasReceived) {
  receive("", 5ms);
  EXPECT_FALSE(feed.last_received());
  EXPECT_TRUE(events.empty());
}

TEST_F(Feeding, TellsSilenceFromAbsence) {
  receive("last", 1ms);
  feed.flush_silent(at(1s), events);
  EXPECT_EQ(to_text(events), "last|");
  feed.vanish("unplugged", at(2s), events);
  EXPECT_EQ(to_text(events), "last|<vanished>|");
}

TEST_F(Feeding, HandsOverABegunLineBeforeThePortVanishes) {
  receive("wri", 1ms);
  feed.vanish("unplugged", at(2ms), events);
  feed.come_back("/dev/ttyUSB1", at(3ms), events);
  receive("boot\n", 4ms);
  EXPECT_EQ(to_text(events), "wri|<vanished>|<returned>|boot|");
  EXPECT_EQ(std::get<Line>(events[0]).end, io::LineEnd::closed);
  EXPECT_FALSE(std::get<Line>(events[3]).continues);
  EXPECT_EQ(std::get<Vanished>(events[1]).reason, "unplugged");
  EXPECT_EQ(std::get<Returned>(events[2]).where, "/dev/ttyUSB1");
}

TEST_F(Feeding, EndsALineForACut) {
  receive("wri", 1ms);
  feed.end_line(events);
  receive("boot\n", 2ms);
  EXPECT_EQ(to_text(events), "wri|boot|");
}

TEST_F(Feeding, ReportsWhatTheDriverCountedSinceTheLastTime) {
  feed.count({.framing = 7, .overrun = 3}, at(1ms), events);
  EXPECT_TRUE(events.empty());
  feed.count({.framing = 9, .parity = 1, .breaks = 2, .overrun = 3, .buffer_overrun = 4}, at(2ms),
             events);
  EXPECT_EQ(to_text(events), "<framing 2>|<parity 1>|<break 2>|<buffer overrun 4>|");
  events.clear();
  feed.count({.framing = 9, .parity = 1, .breaks = 2, .overrun = 4, .buffer_overrun = 4}, at(3ms),
             events);
  EXPECT_EQ(to_text(events), "<overrun 1>|");
}

TEST_F(Feeding, CountsAcrossTheDriversWrapping) {
  feed.count({.framing = 0xFFFFFFFF}, at(1ms), events);
  feed.count({.framing = 1}, at(2ms), events);
  EXPECT_EQ(to_text(events), "<framing 2>|");
}

TEST_F(Feeding, BeginsCountingAnewWithAPortThatReturned) {
  feed.count({.framing = 7}, at(1ms), events);
  feed.vanish("unplugged", at(2ms), events);
  feed.come_back("/dev/ttyUSB1", at(3ms), events);
  feed.count({.framing = 1}, at(4ms), events);
  EXPECT_EQ(to_text(events), "<vanished>|<returned>|");
}

TEST(LineFaults, ThatLoseBytesAreKnown) {
  EXPECT_TRUE(loses_bytes(LineFault::Kind::overrun));
  EXPECT_TRUE(loses_bytes(LineFault::Kind::buffer_overrun));
  EXPECT_FALSE(loses_bytes(LineFault::Kind::framing));
}

}  // namespace
}  // namespace rig::console
