#include "shaping/frame.h"

#include <algorithm>

#include "base/assert.h"

namespace rig::shaping {
namespace {

using base::Bytes;
using base::ByteView;
using base::kEthernetBytes;
using base::Packet;
using base::Protocol;

constexpr std::ptrdiff_t kMacBytes = 6;
constexpr std::size_t kTypeAt = 12;
constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86DD;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kTcpHeader = 20;
constexpr std::uint8_t kEcnBits = 3;
constexpr std::uint8_t kTcpNumber = 6;
constexpr std::uint8_t kUdpNumber = 17;

// Offsets in the IPv4 header, and in what follows it.
enum : std::size_t {
  kServiceAt = 1,
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
  kWindowAt = 14,
  kTcpChecksumAt = 16
};

// TCP options, RFC 9293 section 3.1 and RFC 7323 section 2.2; a length counts kind and length too.
constexpr std::uint8_t kEndOfOptions = 0;
constexpr std::uint8_t kNothing = 1;
struct SynOption {
  std::uint8_t kind;
  std::uint8_t bytes;
};
constexpr SynOption kMss{.kind = 2, .bytes = 4};
constexpr SynOption kWindowScale{.kind = 3, .bytes = 3};

std::uint16_t type_of(ByteView frame) { return base::read_be16(frame, kTypeAt); }

std::size_t ip_header(ByteView ip) { return (ip[0] & 15U) * std::size_t{4}; }

void write_be16(std::span<std::uint8_t> to, std::size_t at, std::uint64_t value) {
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

// Where the value of a SYN's option is in the packet; 0: there is none.
std::size_t syn_option(ByteView ip, std::size_t transport, SynOption wanted) {
  if ((ip[transport + kFlagsAt] & base::kTcpSyn) == 0) return 0;
  const std::size_t end = transport + (ip[transport + kDataOffsetAt] >> 4) * std::size_t{4};
  for (std::size_t at = transport + kTcpHeader; at + 1 < end && ip[at] != kEndOfOptions;) {
    if (ip[at] == wanted.kind && at + wanted.bytes <= end) return at + 2;
    at += ip[at] == kNothing ? 1 : std::max<std::size_t>(ip[at + 1], 2);
  }
  return 0;
}

// Without header and payload.
Packet fields_of(ByteView frame) {
  Packet packet;
  if (transport_header_end(frame) == 0) return packet;
  const ByteView ip = frame.subspan(kEthernetBytes);
  const std::size_t transport = ip_header(ip);
  packet.source = {base::read_be32(ip, kSourceAt), base::read_be16(ip, transport)};
  packet.destination = {base::read_be32(ip, kDestinationAt), base::read_be16(ip, transport + 2)};
  packet.ecn = ip[kServiceAt] & kEcnBits;
  if (ip[kProtocolAt] != kTcpNumber) return packet;
  packet.protocol = Protocol::tcp;
  packet.sequence = base::read_be32(ip, transport + kSequenceAt);
  packet.acknowledgement = base::read_be32(ip, transport + kAcknowledgementAt);
  packet.tcp_flags = ip[transport + kFlagsAt];
  packet.window = base::read_be16(ip, transport + kWindowAt);
  const std::size_t option = syn_option(ip, transport, kMss);
  if (option != 0) packet.mss = base::read_be16(ip, option);
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
void write_transport_checksum(std::span<std::uint8_t> frame, std::size_t begin,
                              std::size_t checksum_at) {
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
         a.sequence == b.sequence && a.acknowledgement == b.acknowledgement &&
         a.window == b.window && a.mss == b.mss && a.ecn == b.ecn;
}

void rewrite(Bytes& frame, const Packet& packet) {
  const std::size_t ip = kEthernetBytes;
  const std::size_t transport = ip + ip_header(ByteView(frame).subspan(ip));
  const Packet before = fields_of(frame);
  const bool goes_back = before.source == packet.destination && before.source != packet.source;
  if (goes_back)
    std::swap_ranges(frame.begin(), frame.begin() + kMacBytes, frame.begin() + kMacBytes);
  frame[ip + kServiceAt] =
      static_cast<std::uint8_t>((frame[ip + kServiceAt] & ~kEcnBits) | packet.ecn);
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
  const std::size_t option = syn_option(ByteView(frame).subspan(ip), transport - ip, kMss);
  if (option != 0) write_be16(frame, ip + option, packet.mss);
  frame[transport + kFlagsAt] = packet.tcp_flags;
  write_be16(frame, transport + kWindowAt, packet.window);
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

void keep_from_scaling(Packet& packet) {
  Bytes& header = packet.header;
  if (packet.protocol != Protocol::tcp || transport_header_end(header) == 0) return;
  const ByteView ip = ByteView(header).subspan(kEthernetBytes);
  const std::size_t value = syn_option(ip, ip_header(ip), kWindowScale);
  if (value == 0) return;
  const auto option = header.begin() + static_cast<std::ptrdiff_t>(kEthernetBytes + value - 2);
  std::fill_n(option, kWindowScale.bytes, kNothing);
  Bytes frame = header;
  base::append(frame, packet.payload);
  write_transport_checksum(frame, kEthernetBytes + ip_header(ip), kTcpChecksumAt);
  std::copy_n(frame.begin(), header.size(), header.begin());
}

void complete_checksum(std::span<std::uint8_t> frame) {
  if (kind_of(frame) != FrameKind::packet || transport_header_end(frame) == 0) return;
  const ByteView ip = ByteView(frame).subspan(kEthernetBytes);
  const bool udp = ip[kProtocolAt] == kUdpNumber;
  const auto at = udp ? std::size_t{kUdpChecksumAt} : std::size_t{kTcpChecksumAt};
  write_transport_checksum(frame.first(kEthernetBytes + ip_length(frame)),
                           kEthernetBytes + ip_header(ip), at);
}

Bytes too_big(ByteView frame, std::uint32_t mtu) {
  if (kind_of(frame) != FrameKind::packet || type_of(frame) != kIpv4) return {};
  constexpr std::size_t kIcmpHeader = 8;
  constexpr std::size_t kQuoted = 8;  // of what follows the IP header
  const ByteView ip = frame.subspan(kEthernetBytes, ip_length(frame));
  const ByteView quoted = ip.first(std::min(ip_header(ip) + kQuoted, ip.size()));
  Bytes reply(kEthernetBytes + kIpv4Header + kIcmpHeader);
  std::copy_n(frame.begin() + kMacBytes, kMacBytes, reply.begin());
  std::copy_n(frame.begin(), kMacBytes, reply.begin() + kMacBytes);
  write_be16(reply, kTypeAt, kIpv4);
  base::append(reply, quoted);
  const std::size_t at = kEthernetBytes;
  reply[at] = 0x45;
  write_be16(reply, at + kTotalLengthAt, reply.size() - at);
  reply[at + 8] = 64;  // time to live
  reply[at + kProtocolAt] = 1;
  base::write_be32(reply, at + kSourceAt, base::read_be32(ip, kDestinationAt));
  base::write_be32(reply, at + kDestinationAt, base::read_be32(ip, kSourceAt));
  const ByteView header = ByteView(reply).subspan(at, kIpv4Header);
  write_be16(reply, at + kIpChecksumAt, checksum_of(sum_of(header, 0)));
  const std::size_t icmp = at + kIpv4Header;
  reply[icmp] = 3;
  reply[icmp + 1] = 4;
  write_be16(reply, icmp + 6, mtu);
  write_be16(reply, icmp + 2, checksum_of(sum_of(ByteView(reply).subspan(icmp), 0)));
  return reply;
}

}  // namespace rig::shaping
