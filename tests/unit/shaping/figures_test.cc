// What the engines say of themselves: accuracy, and what they cannot do.
#include <gtest/gtest.h>

#include "base/rig_error.h"
#include "shaping/capability.h"
#include "shaping/departure_error.h"

namespace rig::shaping {
namespace {

using namespace std::chrono_literals;
using base::kCycleStart;

TEST(DepartureError, OfNothingIsNothing) {
  const DepartureError none;
  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.percentile(0.99), 0ns);
  EXPECT_EQ(none.rate_error(), 0);
}

TEST(DepartureError, PercentilesAreAtMostAStepTooHighAndNeverTooLow) {
  DepartureError errors;
  for (int i = 1; i <= 1000; ++i) {
    errors.add(kCycleStart + 1s * i, kCycleStart + 1s * i + 1us * i);
  }
  for (const double share : {0.01, 0.5, 0.9, 0.99}) {
    const base::Duration exact = 1us * static_cast<int>(1000 * share + 0.5);
    EXPECT_GE(errors.percentile(share), exact) << share;
    EXPECT_LE(errors.percentile(share), exact + exact / 31) << share;
  }
  EXPECT_EQ(errors.percentile(1), 1ms);
  EXPECT_EQ(errors.max(), 1ms);
}

TEST(DepartureError, CountsADepartureThatIsEarlyAsMuchAsALateOne) {
  DepartureError errors;
  errors.add(kCycleStart + 5s, kCycleStart + 4s);
  EXPECT_EQ(errors.max(), 1s);
}

TEST(DepartureError, KeepsSmallAndHugeErrorsApart) {
  DepartureError errors;
  for (int i = 0; i < 99; ++i) errors.add(kCycleStart, kCycleStart + 7ns);
  errors.add(kCycleStart, kCycleStart + 9h);
  EXPECT_EQ(errors.percentile(0.99), 7ns);
  EXPECT_EQ(errors.percentile(0.999), 9h);
}

TEST(DepartureError, RateErrorComparesTheSpans) {
  DepartureError errors;
  errors.add(kCycleStart + 10s, kCycleStart + 11s);
  errors.add(kCycleStart + 110s, kCycleStart + 111s);  // as late: the rate is right
  EXPECT_DOUBLE_EQ(errors.rate_error(), 0);
  errors.add(kCycleStart + 210s, kCycleStart + 311s);
  EXPECT_NEAR(errors.rate_error(), -1.0 / 3, 1e-9);  // 200 s of traffic in 300 s
}

std::string refusal(Engine engine, const link::Profile& profile, bool carries_tcp = true) {
  try {
    refuse_beyond(engine, profile, carries_tcp);
    return {};
  } catch (const base::UsageError& error) {
    return error.what();
  }
}

link::Profile with(link::Path path) { return {.name = "p", .up = {}, .down = path, .outages = {}}; }

TEST(Capability, ARelayRefusesLossOnTcpAndNamesTheEnginesThatCan) {
  EXPECT_EQ(refusal(Engine::relay, with({.loss = 0.02})),
            "link profile 'p': engine relay cannot express loss on TCP (what a relay has read, it "
            "has acknowledged); write engine: packets or engine: netem");
  EXPECT_EQ(refusal(Engine::relay, with({.loss = 0.02}), false), "");
  EXPECT_EQ(refusal(Engine::relay, with({.rate_bps = 320, .delay = 1s, .jitter = 1s})), "");
}

TEST(Capability, NetemRefusesWhatItCountsOtherwise) {
  const std::string text = refusal(Engine::netem, with({.rate_bps = 0.5, .jitter = 1ms}));
  EXPECT_NE(text.find("whole bytes per second"), std::string::npos) << text;
  EXPECT_NE(text.find("keeps the order"), std::string::npos) << text;
  EXPECT_NE(text.find("write engine: relay or engine: packets"), std::string::npos) << text;
  EXPECT_EQ(refusal(Engine::netem, with({.rate_bps = 320, .delay = 200ms, .loss = 0.5})), "");
  link::Profile fading = with({});
  fading.outages = {{.from = kCycleStart, .until = kCycleStart + 1s}};
  EXPECT_NE(refusal(Engine::netem, fading).find("outages"), std::string::npos);
}

TEST(Capability, PacketsCanDoWhatTheModelCan) {
  EXPECT_EQ(refusal(Engine::packets, with({.rate_bps = 0.5, .jitter = 1ms, .loss = 1})), "");
}

TEST(Capability, EnginesAreNamedAsInBenchFiles) {
  for (const Engine each : {Engine::relay, Engine::packets, Engine::netem}) {
    EXPECT_EQ(engine_named(name_of(each)), each);
  }
  EXPECT_EQ(engine_named("tc"), std::nullopt);
}

}  // namespace
}  // namespace rig::shaping
