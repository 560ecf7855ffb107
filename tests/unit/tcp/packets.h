// Hand-made packets for one end of a connection.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tcp/connection.h"

namespace rig::tcp {

using namespace std::chrono_literals;

inline constexpr Ends kEnds{.local = {0x0A000002, 50000}, .remote = {0x0A0A0A0A, 80}};

inline constexpr std::uint16_t kWindow = 1700;  // three whole segments and a rest

inline base::Packet reply(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgement,
                          std::string_view data = "") {
  base::Packet packet;
  packet.protocol = base::Protocol::tcp;
  packet.source = kEnds.remote;
  packet.destination = kEnds.local;
  packet.tcp_flags = flags;
  packet.sequence = sequence;
  packet.acknowledgement = acknowledgement;
  packet.window = kWindow;
  packet.payload = base::bytes_of(data);
  return packet;
}

inline constexpr std::uint8_t kSynAck = base::kTcpSyn | base::kTcpAck;

// A connected stream: our bytes start at 1001, the peer's at 501.
inline Connection connected(base::Instant now) {
  Connection stream = Connection::connect(kEnds, cellular_module(), 1000, now);
  stream.receive(reply(kSynAck, 500, 1001), now);
  (void)stream.take_packets();
  return stream;
}

// The server of a Linux machine, connected, with so many bytes written; its packets not taken.
inline Connection linux_sending(std::size_t bytes, base::Instant now,
                                std::uint16_t window = 60'000) {
  Connection server = Connection::connect(kEnds, linux_server(), 1000, now);
  base::Packet answer = reply(kSynAck, 500, 1001);
  answer.mss = 536;
  answer.window = window;
  server.receive(answer, now);
  (void)server.take_packets();
  (void)server.write(base::Bytes(bytes, 7), now);
  return server;
}

// "0 536 1072*": offsets of the data in the packets, and what carries a FIN.
inline std::string sent(Connection& from) {
  std::string text;
  for (const base::Packet& each : from.take_packets()) {
    if (each.payload.empty() && (each.tcp_flags & base::kTcpFin) == 0) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(each.sequence - 1001);
    if ((each.tcp_flags & base::kTcpFin) != 0) text += '*';
  }
  return text;
}

inline base::Packet acknowledging(std::uint32_t offset, std::uint16_t window = 60'000) {
  base::Packet packet = reply(base::kTcpAck, 501, 1001 + offset);
  packet.window = window;
  return packet;
}

}  // namespace rig::tcp
