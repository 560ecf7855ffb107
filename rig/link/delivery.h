// What comes out of a link.
#pragma once

#include <cstdint>
#include <string>

#include "base/network.h"
#include "base/time.h"

namespace rig::link {

struct Delivery {
  base::Direction direction{};
  base::Instant at{};
  base::Packet packet;
  std::uint64_t id{};  // the link's n-th packet, from 0
};

inline constexpr const char* kLostByChance = "loss";  // of the path: Path::loss, loss_model

struct Drop {
  base::Direction direction{};
  base::Instant at{};  // when its fate was settled: as it was offered, or as it left the queue
  std::uint64_t wire_bytes{};
  // "loss", "queue full", "outage", "codel", "mtu", "fragment", "checksum", "nat", the name of an
  // impairment
  std::string reason;
  std::uint32_t told_mtu{0};  // the sender is told this MTU; 0: it is told nothing
  std::uint64_t id{};
};

}  // namespace rig::link
