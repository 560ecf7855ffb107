// Which engine refuses which profile, and whom it names.
#include "shaping/capability.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"

namespace rig::shaping {
namespace {

using namespace std::chrono_literals;
using base::kCycleStart;

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
  EXPECT_NE(text.find("netem's reorders"), std::string::npos) << text;
  EXPECT_NE(text.find("write engine: relay or engine: packets"), std::string::npos) << text;
  EXPECT_EQ(refusal(Engine::netem, with({.rate_bps = 320, .delay = 200ms, .loss = 0.5})), "");
  link::Profile fading = with({});
  fading.outages = {{.from = kCycleStart, .until = kCycleStart + 1s}};
  EXPECT_NE(refusal(Engine::netem, fading).find("outages"), std::string::npos);
}

link::Profile suffering(link::Effect effect) {
  link::Profile profile = with({});
  profile.impairments.push_back({.name = "bump", .effect = std::move(effect)});
  return profile;
}

TEST(Capability, ARelayTakesOfImpairmentsWhatTcpCanBear) {
  EXPECT_EQ(refusal(Engine::relay, suffering(link::Slice{.payload_bytes = 7})), "");
  EXPECT_EQ(refusal(Engine::relay, suffering(link::Reset{.after = 7})), "");
  EXPECT_EQ(refusal(Engine::relay, suffering(link::Delay{.by = 1s})), "");
  const std::string text = refusal(Engine::relay, suffering(link::Truncate{}));
  EXPECT_NE(text.find("truncated segments (impairment 'bump')"), std::string::npos) << text;
  EXPECT_EQ(refusal(Engine::relay, suffering(link::Truncate{}), false), "");
  // A path that comes later counts as much as one that is there from the beginning.
  EXPECT_NE(refusal(Engine::relay, suffering(link::Replace{.up = link::Path{.loss = 0.1}})), "");
}

TEST(Capability, WhatNoEngineCanIsLeftToSimulatedBoards) {
  const std::string text =
      refusal(Engine::packets, suffering(link::Corrupt{.bits = 1, .unnoticed = true}));
  EXPECT_NE(text.find("use a simulated board"), std::string::npos) << text;
  EXPECT_EQ(refusal(Engine::packets, suffering(link::Corrupt{})), "");
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
