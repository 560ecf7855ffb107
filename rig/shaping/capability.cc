#include "shaping/capability.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include "base/rig_error.h"

namespace rig::shaping {
namespace {

constexpr std::array kEngines{Engine::relay, Engine::packets, Engine::netem};

// Of both directions, and of what takes their place while a window holds.
std::vector<const link::Path*> paths_of(const link::Profile& profile) {
  std::vector<const link::Path*> all{&profile.up, &profile.down};
  for (const link::Impairment& each : profile.impairments) {
    const auto* other = std::get_if<link::Replace>(&each.effect);
    if (other != nullptr && other->up) all.push_back(&*other->up);
    if (other != nullptr && other->down) all.push_back(&*other->down);
  }
  return all;
}

// Collects what a profile asks for and an engine has not.
class Reasons {
 public:
  explicit Reasons(const link::Profile& profile) : profile_(profile), paths_(paths_of(profile)) {}

  void if_a_path(const char* reason, bool (*holds)(const link::Path&)) {
    if (std::ranges::any_of(paths_, [&](const link::Path* each) { return holds(*each); })) {
      all_.emplace_back(reason);
    }
  }
  template <class Effect>
  void if_effect(
      const char* reason, bool (*holds)(const Effect&) = [](const Effect&) { return true; }) {
    for (const link::Impairment& each : profile_.impairments) {
      const auto* effect = std::get_if<Effect>(&each.effect);
      if (effect == nullptr || !holds(*effect)) continue;
      all_.push_back(fmt::format("{} (impairment '{}')", reason, each.name));
    }
  }
  void add_if(bool holds, const char* reason) {
    if (holds) all_.emplace_back(reason);
  }
  [[nodiscard]] std::vector<std::string> all() { return std::move(all_); }

 private:
  const link::Profile& profile_;
  std::vector<const link::Path*> paths_;
  std::vector<std::string> all_;
};

bool loses(const link::Path& path) {
  return path.loss > 0 || !std::holds_alternative<std::monostate>(path.loss_model);
}

// A relay ends TCP on both sides: a byte that it has read is acknowledged, and the peer will never
// send it again. So it holds back what an outage would lose, and can lose nothing.
void add_beyond_relayed_tcp(Reasons& reasons) {
  reasons.if_a_path("loss on TCP (what a relay has read, it has acknowledged)", loses);
  reasons.if_a_path("ECN marks on TCP", [](const link::Path& path) { return path.marks; });
  reasons.if_a_path("jitter that reorders TCP",
                    [](const link::Path& path) { return !path.jitter_shape.keeps_order; });
  reasons.if_a_path("a queue that drops TCP in turn", [](const link::Path& path) {
    return path.queue.policy != link::QueuePolicy::drop_tail;
  });
  reasons.if_a_path("an MTU on TCP (its segments are --mss)",
                    [](const link::Path& path) { return path.mtu != 0; });
  reasons.if_effect<link::Vanish>("vanishing segments");
  reasons.if_effect<link::Lose>("lost segments");
  reasons.if_effect<link::Mark>("ECN marks on TCP");
  reasons.if_effect<link::Corrupt>("corrupted segments");
  reasons.if_effect<link::Truncate>("truncated segments");
  reasons.if_effect<link::Duplicate>("duplicated segments");
  reasons.if_effect<link::Delay>("reordered segments",
                                 [](const link::Delay& delay) { return delay.overtaken; });
  reasons.if_effect<link::ClampMss>("an MSS clamp (write --mss)");
  reasons.if_effect<link::ClampWindow>("a window clamp");
}

std::vector<std::string> beyond_relay(const link::Profile& profile, bool carries_tcp) {
  Reasons reasons(profile);
  if (carries_tcp) add_beyond_relayed_tcp(reasons);
  return reasons.all();
}

// Whoever alters bytes unnoticed makes their checksum anew; frames here keep theirs.
std::vector<std::string> beyond_packets(const link::Profile& profile) {
  Reasons reasons(profile);
  reasons.if_effect<link::Corrupt>("corruption that no checksum notices",
                                   [](const link::Corrupt& corrupt) { return corrupt.unnoticed; });
  return reasons.all();
}

// Rates are whole bytes per second there, delays are drawn with reordering, everything holds all
// the time.
std::vector<std::string> beyond_netem(const link::Profile& profile) {
  Reasons reasons(profile);
  reasons.if_a_path(
      "a rate that is not whole bytes per second (netem counts in those)",
      [](const link::Path& path) { return path.rate_bps != 8 * std::floor(path.rate_bps / 8); });
  reasons.if_a_path("jitter (netem's reorders)",
                    [](const link::Path& path) { return path.jitter > base::Duration::zero(); });
  reasons.if_a_path("a line without a queue (netem drops everything then)",
                    [](const link::Path& path) { return path.queue_packets == 0; });
  reasons.if_a_path("a queue limit other than in packets",
                    [](const link::Path& path) { return path.queue != link::QueueLimits{}; });
  reasons.if_a_path("a trace", [](const link::Path& path) { return path.trace != link::Trace{}; });
  reasons.if_a_path("framing without a rate", [](const link::Path& path) {
    return path.framing != link::Framing{} && path.rate_bps == 0;
  });
  reasons.if_a_path("a loss model", [](const link::Path& path) {
    return !std::holds_alternative<std::monostate>(path.loss_model);
  });
  reasons.if_a_path("ECN marks", [](const link::Path& path) { return path.marks; });
  reasons.if_a_path("an MTU", [](const link::Path& path) { return path.mtu != 0; });
  reasons.add_if(!profile.outages.empty(), "outages by time");
  reasons.add_if(!profile.impairments.empty(), "impairments");
  reasons.add_if(profile.nat.timeout > base::Duration::zero(), "a NAT router");
  return reasons.all();
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
      return beyond_packets(profile);
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
  const std::string advice = able.empty()
                                 ? "no engine in real time can; use a simulated board"
                                 : fmt::format("write engine: {}", fmt::join(able, " or engine: "));
  throw base::UsageError(fmt::format("link profile '{}': engine {} cannot express {}; {}",
                                     profile.name, name_of(engine), fmt::join(reasons, ", nor "),
                                     advice));
}

}  // namespace rig::shaping
