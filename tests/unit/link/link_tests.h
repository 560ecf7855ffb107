// What the tests of the link have in common.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "link/shaped_link.h"

namespace rig::link::test {

inline base::Packet udp(std::uint64_t wire_bytes, std::uint16_t mark = 0) {
  base::Packet packet;
  packet.source.port = mark;
  packet.payload.resize(wire_bytes - 28);
  return packet;
}

inline base::Packet tcp(std::uint64_t payload_bytes, std::uint8_t flags = base::kTcpAck) {
  base::Packet packet;
  packet.protocol = base::Protocol::tcp;
  packet.source = {0x0A000002, 4000};
  packet.destination = {0xC0000201, 80};
  packet.tcp_flags = flags;
  packet.payload.resize(payload_bytes);
  return packet;
}

inline base::Instant at(base::Duration since) { return base::kCycleStart + since; }

// Every delivery until the link is empty, or until the end.
inline std::vector<Delivery> drain(ShapedLink& link,
                                   base::Duration end = std::chrono::hours(10'000)) {
  std::vector<Delivery> all;
  for (auto wake = link.wake_time(); wake && *wake <= at(end); wake = link.wake_time()) {
    for (Delivery& each : link.release_due(*wake)) all.push_back(std::move(each));
  }
  return all;
}

inline Profile down_only(Path path) {
  Profile profile{.name = "test"};
  profile.down = std::move(path);
  return profile;
}

inline Profile with(Impairment impairment) {
  Profile profile{.name = "test"};
  profile.impairments.push_back(std::move(impairment));
  return profile;
}

// The marks of what arrived: "1 2 4".
inline std::string marks(const std::vector<Delivery>& all) {
  std::string text;
  for (const Delivery& each : all) text += std::to_string(each.packet.source.port) + " ";
  if (!text.empty()) text.pop_back();
  return text;
}

// "1000 one, 2500 two" would be at[ms] and mark.
inline std::string times(const std::vector<Delivery>& all) {
  std::string text;
  for (const Delivery& each : all) {
    text += std::to_string(each.at.time_since_epoch().count() / 1'000'000) + ":" +
            std::to_string(each.packet.source.port) + " ";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace rig::link::test
