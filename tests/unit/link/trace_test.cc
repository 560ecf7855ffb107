// Traces: their text, and the line that follows one.
#include "link/trace.h"

#include <gtest/gtest.h>

#include "unit/link/link_tests.h"

namespace rig::link {
namespace {

using namespace std::chrono_literals;
using base::Direction;
using test::at;
using test::down_only;
using test::drain;
using test::udp;

Trace trace_of(std::string_view text) { return std::get<Trace>(read_trace(text)); }

TEST(TraceText, IsReadWrittenAndRefusedByLine) {
  const Trace trace = trace_of("# ours\n# bytes 40\n1\n1\n5\n");
  EXPECT_EQ(trace.milliseconds, (std::vector<std::uint32_t>{1, 1, 5}));
  EXPECT_EQ(trace.opportunity_bytes, 40U);
  EXPECT_DOUBLE_EQ(trace.mean_rate_bps(), 3 * 40 * 8 / 0.005);
  EXPECT_EQ(trace_of(write_trace(trace)), trace);
  const auto complaint = [](std::string_view text) {
    const auto error = std::get<TraceError>(read_trace(text));
    return std::to_string(error.line) + ": " + error.what;
  };
  EXPECT_EQ(complaint("5\n4\n"),
            "2: the trace goes back from 5 ms to 4 ms; times must not decrease");
  EXPECT_EQ(complaint("5\nx\n"), "2: 'x' is no time; write whole milliseconds, as in 37500");
  EXPECT_EQ(complaint("0\n").substr(0, 26), "1: the trace ends at 0 ms,");
  EXPECT_EQ(complaint("").substr(0, 2), "1:");
}

TEST(Trace, AnEvenRateBecomesWholeMilliseconds) {
  EXPECT_EQ(write_trace(*even_trace(320)), "37500\n");
  EXPECT_EQ(even_trace(15'600)->milliseconds.size(), 13U);  // 10 s hold 13 times 769.23 ms
  for (const double rate : {0.04, 320.0, 15'600.0, 48'000.0, 1e6, 123'456.7, 1e9}) {
    const Trace trace = even_trace(rate).value();
    EXPECT_NEAR(trace.mean_rate_bps() / rate, 1, 1e-5) << rate;
    EXPECT_EQ(std::get<Trace>(read_trace(write_trace(trace))), trace);
  }
  EXPECT_FALSE(even_trace(0.001));
  EXPECT_FALSE(even_trace(1e12));
}

TEST(Trace, PacketsLeaveWithItsOpportunitiesAndItRepeats) {
  Path path;
  path.trace = trace_of("10\n10\n30\n");  // 1500 bytes each, every 30 ms anew
  ShapedLink link(down_only(path), 1);
  for (std::uint16_t i = 0; i < 5; ++i) link.send(Direction::down, udp(1500, i), at(1ms));
  EXPECT_EQ(test::times(drain(link)), "10:0 10:1 30:2 40:3 40:4");
}

TEST(Trace, WhatIsLeftOfAnOpportunityIsForThoseWhoWait) {
  Path path;
  path.trace = trace_of("10\n20\n");
  ShapedLink link(down_only(path), 1);
  for (std::uint16_t i = 0; i < 3; ++i) link.send(Direction::down, udp(700, i), at(0s));
  // Two in the first; the third needs 100 bytes of the first and 600 of the second.
  EXPECT_EQ(test::times(drain(link)), "10:0 10:1 20:2");
  link.send(Direction::down, udp(700, 9), at(21ms));
  EXPECT_EQ(test::times(drain(link)), "30:9");
}

}  // namespace
}  // namespace rig::link
