#include "shaping/frame.h"

#include "base/assert.h"

namespace rig::shaping {
namespace {

using base::Bytes;
using base::ByteView;
using base::kEthernetBytes;
using base::Packet;
using base::Protocol;

constexpr std::size_t kTypeAt = 12;
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86DD;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kTcpHeader = 20;
constexpr std::uint8_t kTcpNumber = 6;
constexpr std::uint8_t kUdpNumber = 17;

// Offsets in the IPv4 header, and in what follows it.
enum : std::size_t {
  kTotalLengthAt = 2,
  kFragmentAt = 6,
  kProtocolAt = 9,
  kIpChecksumAt = 10,
  kSourceAt = 12,
  kDestinationAt = 16
};
enum : std::size_t { kUdpLengthAt = 4, kUdpChecksumAt = 6 };
enum : std::size_t {
  kSequenceAt = 4,
  kAcknowledgementAt = 8,
  kDataOffsetAt = 12,
  kFlagsAt = 13,
  kTcpChecksumAt = 16
};

std::uint16_t type_of(ByteView frame) { return base::read_be16(frame, kTypeAt); }

std::size_t ip_header(ByteView ip) { return (ip[0] & 15U) * std::size_t{4}; }

void write_be16(Bytes& to, std::size_t at, std::uint64_t value) {
  to[at] = static_cast<std::uint8_t>(value >> 8);
  to[at + 1] = static_cast<std::uint8_t>(value);
}

std::size_t ip_length(ByteView frame) {
  const ByteView ip = frame.subspan(kEthernetBytes);
  if (type_of(frame) == kIpv4) return base::read_be16(ip, kTotalLengthAt);
  return kIpv6Header + base::read_be16(ip, 4);
}

// Of IPv4 that begins a datagram of UDP or TCP: the bytes of both headers; 0: something else. The
// payload need not be there.
std::size_t transport_header_end(ByteView frame) {
  const ByteView ip = frame.subspan(kEthernetBytes);
  if (type_of(frame) != kIpv4) return 0;
  const std::size_t begin = ip_header(ip);
  const bool later_fragment = (base::read_be16(ip, kFragmentAt) & 0x1FFFU) != 0;
  if (later_fragment) return 0;
  const std::size_t udp = begin + kUdpHeader;
  if (ip[kProtocolAt] == kUdpNumber) return udp <= ip.size() ? udp : 0;
  if (ip[kProtocolAt] != kTcpNumber || begin + kTcpHeader > ip.size()) return 0;
  const std::size_t header = (ip[begin + kDataOffsetAt] >> 4) * std::size_t{4};
  return header >= kTcpHeader && begin + header <= ip.size() ? begin + header : 0;
}

// Without header and payload.
Packet fields_of(ByteView frame) {
  Packet packet;
  if (transport_header_end(frame) == 0) return packet;
  const ByteView ip = frame.subspan(kEthernetBytes);
  const std::size_t transport = ip_header(ip);
  packet.source = {base::read_be32(ip, kSourceAt), base::read_be16(ip, transport)};
  packet.destination = {base::read_be32(ip, kDestinationAt), base::read_be16(ip, transport + 2)};
  if (ip[kProtocolAt] != kTcpNumber) return packet;
  packet.protocol = Protocol::tcp;
  packet.sequence = base::read_be32(ip, transport + kSequenceAt);
  packet.acknowledgement = base::read_be32(ip, transport + kAcknowledgementAt);
  packet.tcp_flags = ip[transport + kFlagsAt];
  return packet;
}

// RFC 1071.
std::uint32_t sum_of(ByteView bytes, std::uint32_t sum) {
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) sum += base::read_be16(bytes, i);
  if (i < bytes.size()) sum += static_cast<std::uint32_t>(bytes[i]) << 8;
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return sum;
}

std::uint16_t checksum_of(std::uint32_t sum) { return static_cast<std::uint16_t>(~sum); }

// Of UDP and TCP: also over a header of addresses, protocol and length.
void write_transport_checksum(Bytes& frame, std::size_t begin, std::size_t checksum_at) {
  const ByteView all(frame);
  const ByteView transport = all.subspan(begin);
  write_be16(frame, begin + checksum_at, 0);
  std::uint32_t sum = frame[kEthernetBytes + kProtocolAt];
  sum += static_cast<std::uint32_t>(transport.size());
  sum = sum_of(all.subspan(kEthernetBytes + kSourceAt, 8), sum);
  const std::uint16_t checksum = checksum_of(sum_of(transport, sum));
  const bool none_of_udp = checksum == 0 && frame[kEthernetBytes + kProtocolAt] == kUdpNumber;
  write_be16(frame, begin + checksum_at, none_of_udp ? 0xFFFF : checksum);
}

bool same_fields(const Packet& a, const Packet& b) {
  return a.source == b.source && a.destination == b.destination && a.tcp_flags == b.tcp_flags &&
         a.sequence == b.sequence && a.acknowledgement == b.acknowledgement;
}

void rewrite(Bytes& frame, const Packet& packet) {
  const std::size_t ip = kEthernetBytes;
  const std::size_t transport = ip + ip_header(ByteView(frame).subspan(ip));
  write_be16(frame, ip + kTotalLengthAt, frame.size() - ip);
  base::write_be32(frame, ip + kSourceAt, packet.source.address);
  base::write_be32(frame, ip + kDestinationAt, packet.destination.address);
  write_be16(frame, ip + kIpChecksumAt, 0);
  const ByteView header = ByteView(frame).subspan(ip, transport - ip);
  write_be16(frame, ip + kIpChecksumAt, checksum_of(sum_of(header, 0)));
  write_be16(frame, transport, packet.source.port);
  write_be16(frame, transport + 2, packet.destination.port);
  if (packet.protocol == Protocol::udp) {
    write_be16(frame, transport + kUdpLengthAt, frame.size() - transport);
    return write_transport_checksum(frame, transport, kUdpChecksumAt);
  }
  base::write_be32(frame, transport + kSequenceAt, packet.sequence);
  base::write_be32(frame, transport + kAcknowledgementAt, packet.acknowledgement);
  frame[transport + kFlagsAt] = packet.tcp_flags;
  write_transport_checksum(frame, transport, kTcpChecksumAt);
}

}  // namespace

FrameKind kind_of(ByteView frame) {
  if (frame.size() < kEthernetBytes) return FrameKind::damaged;
  const std::uint16_t type = type_of(frame);
  if (type != kIpv4 && type != kIpv6) return FrameKind::local;
  const std::size_t least = type == kIpv4 ? kIpv4Header : kIpv6Header;
  const std::size_t room = frame.size() - kEthernetBytes;
  if (room < least) return FrameKind::damaged;
  const std::size_t header = type == kIpv4 ? ip_header(frame.subspan(kEthernetBytes)) : least;
  const std::size_t length = ip_length(frame);
  if (header < least || length < header || length > room) return FrameKind::damaged;
  return FrameKind::packet;
}

Packet packet_of(ByteView frame) {
  RIG_ASSERT(kind_of(frame) == FrameKind::packet);
  const auto begin = frame.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(kEthernetBytes + ip_length(frame));
  const ByteView without_padding = frame.first(kEthernetBytes + ip_length(frame));
  const std::size_t payload = transport_header_end(without_padding);
  const auto split =
      payload == 0 ? end : begin + static_cast<std::ptrdiff_t>(kEthernetBytes + payload);
  Packet packet = fields_of(without_padding);
  packet.header.assign(begin, split);
  packet.payload.assign(split, end);
  return packet;
}

base::Bytes frame_of(const Packet& packet) {
  Bytes frame = packet.header;
  base::append(frame, packet.payload);
  if (transport_header_end(packet.header) == 0) return frame;
  const bool same_length = ip_length(frame) == frame.size() - kEthernetBytes;
  if (same_length && same_fields(fields_of(frame), packet)) return frame;
  rewrite(frame, packet);
  return frame;
}

}  // namespace rig::shaping
