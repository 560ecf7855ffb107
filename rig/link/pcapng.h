// Packets as a pcap-ng file (draft-ietf-opsawg-pcapng) that Wireshark and tshark open: one section,
// one interface of raw IPv4 packets (LINKTYPE_RAW, 101) with times in nanoseconds. The IPv4, TCP
// and UDP headers are made from base::Packet, with checksums and, on a SYN, the MSS option.
//
// A packet stands at the instant at which it was offered to the link, also one that was then lost;
// its comment says the phase of the update and what became of it, its flags the direction (inbound:
// towards the device). What holds for the whole file (plan, verdict) is the section's comment.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/network.h"
#include "link/packet_log.h"

namespace rig::link {

// IPv4 header, transport header, payload. `identification` is the header's field of that name.
[[nodiscard]] base::Bytes ip_packet(const base::Packet& packet, std::uint16_t identification);

[[nodiscard]] base::Bytes pcapng_of(const PacketLog& log, const std::string& comment);

}  // namespace rig::link
