// Ethernet frames as packets of the link and back. Pure. IPv4 with UDP or TCP is understood (RFC
// 791, 768, 9293); whatever else is IP passes as a packet without ends, ports and payload.
#pragma once

#include <cstdint>
#include <span>

#include "base/network.h"

namespace rig::shaping {

// What a frame is to the link.
enum class FrameKind : std::uint8_t {
  packet,   // is shaped
  local,    // ARP and the like: of the wire beside the board, no traffic of its link
  damaged,  // its lengths contradict each other
};

[[nodiscard]] FrameKind kind_of(base::ByteView frame);

// Of a FrameKind::packet. Padding behind a short packet is left out. wire_bytes() is its IP length.
[[nodiscard]] base::Packet packet_of(base::ByteView frame);

// As it came, byte for byte; where the link changed ends, flags, numbers, window, MSS, the ECN bits
// or the length of the payload, with those and with new lengths and checksums. The window is the
// header's field: of a connection that scales windows, a part of the window.
[[nodiscard]] base::Bytes frame_of(const base::Packet& packet);

// A SYN loses its offer to scale windows (RFC 7323), without which neither end does. For links that
// clamp windows: what a header says is all of the window then.
void keep_from_scaling(base::Packet& packet);

// Writes the checksum of UDP or TCP that the frame's sender left to an interface that does not
// exist, such as the other end of a veth pair. Of an IPv4 packet; others stay as they are.
void complete_checksum(std::span<std::uint8_t> frame);

// What a router tells the sender of a packet that does not fit (RFC 792, RFC 1191 section 4): ICMP
// "fragmentation needed" with the MTU, from the address the packet was for. Of an IPv4 packet;
// empty for others.
[[nodiscard]] base::Bytes too_big(base::ByteView frame, std::uint32_t mtu);

}  // namespace rig::shaping
