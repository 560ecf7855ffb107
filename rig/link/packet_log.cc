#include "link/packet_log.h"

namespace rig::link {

void PacketLog::delivered(const Delivery& delivery) {
  LoggedPacket& packet = packets_[delivery.id];
  packet.packet = delivery.packet;
  packet.arrived = delivery.at;
}

std::string fate_of(const LoggedPacket& packet) {
  const std::string phase = packet.phase.empty() ? "" : "phase=" + packet.phase + " ";
  if (!packet.dropped.empty()) return phase + "dropped: " + packet.dropped;
  if (!packet.arrived) return phase + "under way";
  return phase + "delivered after " +
         std::to_string(base::to_seconds(*packet.arrived - packet.offered)) + " s";
}

}  // namespace rig::link
