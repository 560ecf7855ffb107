// Addresses as people read them, packets as the link weighs them; instants as numbers.

#include "base/network.h"

#include <gtest/gtest.h>

#include "base/time.h"

namespace rig::base {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST(Address, ReadsAsDottedQuad) {
  EXPECT_EQ(to_text(0x0A000002), "10.0.0.2");
  EXPECT_EQ(to_text(0), "0.0.0.0");
  EXPECT_EQ(to_text(0xFFFFFFFF), "255.255.255.255");
}

TEST(Endpoint, ComparesByAddressThenPort) {
  EXPECT_EQ((Endpoint{1, 2}), (Endpoint{1, 2}));
  EXPECT_LT((Endpoint{1, 9}), (Endpoint{2, 1}));
  EXPECT_LT((Endpoint{1, 1}), (Endpoint{1, 2}));
}

TEST(Packet, WeighsItsHeadersToo) {
  Packet packet;
  packet.payload.resize(512);
  EXPECT_EQ(packet.wire_bytes(), 540U);
  packet.protocol = Protocol::tcp;
  EXPECT_EQ(packet.wire_bytes(), 552U);
  EXPECT_EQ(Packet{}.wire_bytes(), 28U);
}

TEST(Time, IsCountedInWholeMicroseconds) {
  EXPECT_EQ(to_microseconds(kCycleStart), 0);
  EXPECT_EQ(to_microseconds(kCycleStart + milliseconds(1500)), 1'500'000);
  EXPECT_EQ(to_microseconds(kCycleStart + microseconds(2) + nanoseconds(999)), 2);
}

TEST(Time, IsReadInSeconds) {
  EXPECT_DOUBLE_EQ(to_seconds(milliseconds(1500)), 1.5);
  EXPECT_DOUBLE_EQ(to_seconds(nanoseconds(1)), 1e-9);
}

// Weeks of simulated stall must not wrap.
TEST(Time, HoldsYears) {
  const Instant late = kCycleStart + std::chrono::hours(24 * 365 * 100);
  EXPECT_GT(late, kCycleStart);
  EXPECT_EQ(to_microseconds(late), 3'153'600'000'000'000);
}

}  // namespace
}  // namespace rig::base
