#include "shaping/capability.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/rig_error.h"

namespace rig::shaping {
namespace {

constexpr std::array kEngines{Engine::relay, Engine::packets, Engine::netem};

bool either(const link::Profile& profile, bool (*holds)(const link::Path&)) {
  return holds(profile.up) || holds(profile.down);
}

// A relay ends TCP on both sides: a byte that it has read is acknowledged, and the peer will never
// send it again. So it holds back what an outage would lose, and can lose nothing.
std::vector<std::string> beyond_relay(const link::Profile& profile, bool carries_tcp) {
  std::vector<std::string> reasons;
  if (carries_tcp && either(profile, [](const link::Path& path) { return path.loss > 0; })) {
    reasons.emplace_back("loss on TCP (what a relay has read, it has acknowledged)");
  }
  return reasons;
}

// Rates are whole bytes per second there, delays are whole and drawn with reordering.
std::vector<std::string> beyond_netem(const link::Profile& profile) {
  std::vector<std::string> reasons;
  if (either(profile, [](const link::Path& path) {
        return path.rate_bps != 8 * std::floor(path.rate_bps / 8);
      })) {
    reasons.emplace_back("a rate that is not whole bytes per second (netem counts in those)");
  }
  if (either(profile, [](const link::Path& path) { return path.jitter.count() > 0; })) {
    reasons.emplace_back("jitter that keeps the order (netem's reorders)");
  }
  if (either(profile, [](const link::Path& path) { return path.queue_packets == 0; })) {
    reasons.emplace_back("a line without a queue (netem drops everything then)");
  }
  if (!profile.outages.empty()) reasons.emplace_back("outages by time");
  return reasons;
}

}  // namespace

std::string name_of(Engine engine) {
  switch (engine) {
    case Engine::relay:
      return "relay";
    case Engine::packets:
      return "packets";
    case Engine::netem:
      return "netem";
  }
  return {};
}

std::optional<Engine> engine_named(std::string_view name) {
  for (const Engine each : kEngines) {
    if (name_of(each) == name) return each;
  }
  return std::nullopt;
}

std::vector<std::string> beyond(Engine engine, const link::Profile& profile, bool carries_tcp) {
  switch (engine) {
    case Engine::relay:
      return beyond_relay(profile, carries_tcp);
    case Engine::packets:
      return {};  // carries out the model itself, packet by packet
    case Engine::netem:
      return beyond_netem(profile);
  }
  return {};
}

void refuse_beyond(Engine engine, const link::Profile& profile, bool carries_tcp) {
  const auto reasons = beyond(engine, profile, carries_tcp);
  if (reasons.empty()) return;
  std::vector<std::string> able;
  for (const Engine each : kEngines) {
    if (each != engine && beyond(each, profile, carries_tcp).empty()) able.push_back(name_of(each));
  }
  throw base::UsageError(
      fmt::format("link profile '{}': engine {} cannot express {}; write engine: {}", profile.name,
                  name_of(engine), fmt::join(reasons, ", nor "), fmt::join(able, " or engine: ")));
}

}  // namespace rig::shaping
