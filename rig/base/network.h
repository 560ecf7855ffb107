// A packet between the device's modem and the update server, as the link sees it. Plain data; IPv4
// only. The link counts wire_bytes(), not only the payload.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace rig::base {

struct Endpoint {
  std::uint32_t address{};  // host byte order: 10.0.0.2 is 0x0A000002
  std::uint16_t port{};
  auto operator<=>(const Endpoint&) const = default;
};

enum class Protocol : std::uint8_t { udp, tcp };

// TCP header flags in use, RFC 9293 section 3.1.
enum TcpFlag : std::uint8_t { kTcpFin = 1, kTcpSyn = 2, kTcpRst = 4, kTcpAck = 16 };

// The two ECN bits of the IP header, RFC 3168 section 5.
enum Ecn : std::uint8_t { kNotEcnCapable = 0, kEct1 = 1, kEct0 = 2, kCongestionExperienced = 3 };

inline constexpr std::uint64_t kEthernetBytes = 14;  // header of a frame, without a VLAN tag

struct Packet {
  Protocol protocol{Protocol::udp};
  Endpoint source;
  Endpoint destination;
  std::uint8_t tcp_flags{};
  std::uint32_t sequence{};         // TCP only
  std::uint32_t acknowledgement{};  // TCP only
  std::uint16_t window{};           // TCP only: bytes that the sender has room for, never scaled
  std::uint16_t mss{};  // TCP only: the option of a SYN, RFC 9293 section 3.7.1; 0: absent
  std::uint8_t ecn{};   // Ecn
  Bytes payload;
  // Of a packet from a real wire: its frame from the first byte of the Ethernet header to the last
  // one before the payload. Empty: it never was on one.
  Bytes header{};

  // Payload plus the headers from IP on: its own, or IPv4 and UDP (28) or TCP (40, with the option
  // 44).
  [[nodiscard]] std::uint64_t wire_bytes() const {
    if (!header.empty()) return header.size() - kEthernetBytes + payload.size();
    if (protocol == Protocol::udp) return payload.size() + 28;
    return payload.size() + (mss == 0 ? 40 : 44);
  }
};

enum class Direction : std::uint8_t { up, down };  // up: device to server

[[nodiscard]] std::string to_text(std::uint32_t address);  // "10.0.0.2"

}  // namespace rig::base
