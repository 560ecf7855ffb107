// Every packet that was offered to a link and what became of it: for pcapng.h and for people. Off
// unless asked for: it keeps the payloads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/network.h"
#include "base/time.h"
#include "link/delivery.h"

namespace rig::link {

struct LoggedPacket {
  base::Direction direction{};
  base::Instant offered{};
  base::Packet packet;    // as it was offered; delivered ones: as they arrived
  std::string phase{};    // of the update, as it was offered
  std::string dropped{};  // the reason; empty: it was not
  std::optional<base::Instant> arrived{};
};

class PacketLog {
 public:
  // Identifiers count up from 0 in order of the offers.
  void offered(LoggedPacket packet) { packets_.push_back(std::move(packet)); }
  void delivered(const Delivery& delivery);
  void dropped(const Drop& drop) { packets_[drop.id].dropped = drop.reason; }

  [[nodiscard]] const std::vector<LoggedPacket>& packets() const { return packets_; }

 private:
  std::vector<LoggedPacket> packets_;
};

// "phase=downloading delivered after 0.512000 s", "phase=idle dropped: loss"
[[nodiscard]] std::string fate_of(const LoggedPacket& packet);

}  // namespace rig::link
