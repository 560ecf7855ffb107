// The kernel's netem as bytes of netlink: struct tc_netem_qopt and the attributes behind it
// (linux/pkt_sched.h, TCA_NETEM_*). Pure, both ways, so that what the kernel has can be compared
// with what it was asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "link/shaped_link.h"
#include "shaping/netlink.h"

namespace rig::shaping {

struct NetemSettings {
  std::uint64_t latency_ns{0};
  std::uint64_t rate_bytes_s{0};  // 0 = unlimited, and then the next three are 0
  // On top of what the kernel counts of a packet, which has an Ethernet header that the line of the
  // model does not carry: negative without any framing.
  std::int32_t packet_overhead{0};
  std::uint32_t cell_bytes{0};
  std::int32_t cell_overhead{0};
  std::uint32_t limit{1000};  // packets that wait, the delayed ones included
  std::uint32_t loss{0};      // fraction of 2^32 - 1
  bool operator==(const NetemSettings&) const = default;
};

// Of a path that Engine::netem can express (capability.h). netem's limit counts packets under way
// as well, which the model's queue does not: those that the delay holds at the full rate are added.
[[nodiscard]] NetemSettings netem_of(const link::Path& path);

// Attributes TCA_KIND and TCA_OPTIONS. The rate is always there: the kernel keeps its old one
// otherwise.
void add_netem(NetlinkMessage& message, const NetemSettings& settings);

// Of the value of TCA_OPTIONS as the kernel dumps it. What it does not dump is zero.
[[nodiscard]] NetemSettings netem_in(base::ByteView options);

// Each setting that differs: "rate: asked for 40, has 41".
[[nodiscard]] std::vector<std::string> differences(const NetemSettings& asked,
                                                   const NetemSettings& has);

}  // namespace rig::shaping
