#include "link/pcapng.h"

#include <algorithm>
#include <string_view>

namespace rig::link {
namespace {

using base::Bytes;
using base::Packet;
using base::Protocol;

// Block types, option codes and link type: draft-ietf-opsawg-pcapng sections 4.1 to 4.3 and 3.5.
constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kUserApplication = 4;  // of a section
constexpr std::uint16_t kInterfaceName = 2;
constexpr std::uint16_t kTimeResolution = 9;
constexpr std::uint16_t kPacketFlags = 2;
constexpr std::uint16_t kRawIp = 101;
constexpr std::size_t kLongestOption = 0xFFFF;

constexpr std::uint8_t kIpTcp = 6;
constexpr std::uint8_t kIpUdp = 17;
constexpr std::uint16_t kDontFragment = 0x4000;

void put_le(Bytes& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void pad(Bytes& out) { out.resize((out.size() + 3) / 4 * 4); }

// RFC 1071, over the bytes from `from` on and what the caller has summed up before.
std::uint16_t checksum(const Bytes& bytes, std::size_t from, std::uint32_t sum) {
  for (std::size_t i = from; i < bytes.size(); ++i) {
    sum += (i - from) % 2 == 0 ? static_cast<std::uint32_t>(bytes[i]) << 8 : bytes[i];
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void set_be16(Bytes& bytes, std::size_t at, std::uint16_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

// Addresses, protocol and length: RFC 9293 section 3.1, RFC 768.
std::uint32_t pseudo_header(const Packet& packet, std::size_t length) {
  std::uint32_t sum = packet.protocol == Protocol::tcp ? kIpTcp : kIpUdp;
  for (const std::uint32_t address : {packet.source.address, packet.destination.address}) {
    sum += (address >> 16) + (address & 0xFFFF);
  }
  return sum + static_cast<std::uint32_t>(length);
}

void put_tcp(Bytes& out, const Packet& packet) {
  const bool option = packet.mss != 0;
  base::append_be32(out, packet.sequence);
  base::append_be32(out, packet.acknowledgement);
  out.push_back(option ? 0x60 : 0x50);
  out.push_back(packet.tcp_flags);
  base::append_be16(out, packet.window);
  base::append_be32(out, 0);
  if (option) base::append_be32(out, 0x02040000U | packet.mss);
}

Bytes transport(const Packet& packet) {
  const bool tcp = packet.protocol == Protocol::tcp;
  Bytes out;
  base::append_be16(out, packet.source.port);
  base::append_be16(out, packet.destination.port);
  if (tcp) {
    put_tcp(out, packet);
  } else {
    base::append_be16(out, static_cast<std::uint16_t>(packet.payload.size() + 8));
    base::append_be16(out, 0);
  }
  out.insert(out.end(), packet.payload.begin(), packet.payload.end());
  const std::uint16_t sum = checksum(out, 0, pseudo_header(packet, out.size()));
  // A UDP checksum of zero would mean that there is none.
  set_be16(out, tcp ? 16 : 6, !tcp && sum == 0 ? 0xFFFF : sum);
  return out;
}

void put_option(Bytes& out, std::uint16_t code, std::string_view value) {
  value = value.substr(0, kLongestOption);
  put_le(out, code, 2);
  put_le(out, value.size(), 2);
  out.insert(out.end(), value.begin(), value.end());
  pad(out);
}

void put_end(Bytes& out) { put_le(out, kEndOfOptions, 4); }

void put_block(Bytes& file, std::uint32_t type, const Bytes& body) {
  const std::size_t length = body.size() + 12;
  put_le(file, type, 4);
  put_le(file, length, 4);
  file.insert(file.end(), body.begin(), body.end());
  put_le(file, length, 4);
}

Bytes section(const std::string& comment) {
  Bytes body;
  put_le(body, kByteOrderMagic, 4);
  put_le(body, 1, 2);
  put_le(body, 0, 2);
  put_le(body, ~std::uint64_t{0}, 8);  // length of the section: not said
  if (!comment.empty()) put_option(body, kComment, comment);
  put_option(body, kUserApplication, "otarig");
  put_end(body);
  return body;
}

Bytes interface() {
  Bytes body;
  put_le(body, kRawIp, 2);
  put_le(body, 0, 2);
  put_le(body, 0, 4);  // packets are whole
  put_option(body, kInterfaceName, "link");
  put_option(body, kTimeResolution, "\x09");
  put_end(body);
  return body;
}

Bytes packet_block(const LoggedPacket& logged, std::uint16_t identification) {
  const Bytes bytes = ip_packet(logged.packet, identification);
  const auto at = static_cast<std::uint64_t>(logged.offered.time_since_epoch().count());
  Bytes body;
  put_le(body, 0, 4);
  put_le(body, at >> 32, 4);
  put_le(body, at & 0xFFFFFFFF, 4);
  put_le(body, bytes.size(), 4);
  put_le(body, bytes.size(), 4);
  body.insert(body.end(), bytes.begin(), bytes.end());
  pad(body);
  put_option(body, kComment, fate_of(logged));
  const char towards = logged.direction == base::Direction::down ? '\x01' : '\x02';
  put_option(body, kPacketFlags, std::string{towards, '\0', '\0', '\0'});
  put_end(body);
  return body;
}

}  // namespace

Bytes ip_packet(const Packet& packet, std::uint16_t identification) {
  const bool tcp = packet.protocol == Protocol::tcp;
  const Bytes rest = transport(packet);
  Bytes out{0x45, packet.ecn};
  base::append_be16(out, static_cast<std::uint16_t>(rest.size() + 20));
  base::append_be16(out, identification);
  base::append_be16(out, tcp ? kDontFragment : std::uint16_t{0});
  out.push_back(64);
  out.push_back(tcp ? kIpTcp : kIpUdp);
  base::append_be16(out, 0);
  base::append_be32(out, packet.source.address);
  base::append_be32(out, packet.destination.address);
  set_be16(out, 10, checksum(out, 0, 0));
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

Bytes pcapng_of(const PacketLog& log, const std::string& comment) {
  Bytes file;
  put_block(file, kSectionHeader, section(comment));
  put_block(file, kInterfaceDescription, interface());
  std::uint16_t identification = 0;
  for (const LoggedPacket& each : log.packets()) {
    put_block(file, kEnhancedPacket, packet_block(each, ++identification));
  }
  return file;
}

}  // namespace rig::link
