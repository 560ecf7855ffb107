// The modem's seven sockets: which are open, what has arrived in them and has not been read, and
// which notifications they owe the host. Bytes and packets only; the AT syntax is in
// commands_socket.cc.
//
// A datagram is notified when it arrives in an empty socket and again after a read that leaves
// something (u-blox AT manual, +USORF: "either when buffer is empty or after a UDP packet has been
// read"). A seventeenth unread datagram is dropped.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "tcp/connection.h"

namespace rig::modem {

inline constexpr std::size_t kSocketCount = 7;
inline constexpr std::size_t kBlockLimit = 1024;  // per write or read command
inline constexpr std::size_t kDatagramLimit = 16;

struct Datagram {
  base::Endpoint from;
  base::Bytes data;  // what has not been read of it
};

struct Socket {
  base::Protocol protocol{base::Protocol::udp};
  std::uint16_t port{};  // ours
  std::vector<Datagram> inbox;
  std::optional<tcp::Connection> stream;
  bool data_notice{false};   // owes the host a +UUSORF or +UUSORD
  bool close_notice{false};  // owes the host a +UUSOCL, after all data is read
  std::uint32_t sent_bytes{0};
  std::uint32_t received_bytes{0};

  [[nodiscard]] std::size_t unread() const;
};

class SocketTable {
 public:
  // Port 0 picks a free one. Absent when all seven are in use or the port is taken.
  [[nodiscard]] std::optional<std::size_t> open(base::Protocol protocol, std::uint16_t port);
  // Null when there is no such socket.
  [[nodiscard]] Socket* find(std::size_t handle);
  void close(std::size_t handle) { sockets_[handle].reset(); }
  void close_all();

  enum class Arrival : std::uint8_t { taken, no_socket, overflow };
  [[nodiscard]] Arrival receive(const base::Packet& packet, base::Instant now);
  // Takes the front of the first datagram; absent when there is none.
  [[nodiscard]] std::optional<Datagram> read_datagram(std::size_t handle, std::size_t limit);
  [[nodiscard]] base::Bytes read_stream(std::size_t handle, std::size_t limit);

  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<base::Packet> take_packets();
  // The notifications owed, each once. A socket whose close was told is closed.
  [[nodiscard]] std::vector<std::string> take_notices();
  [[nodiscard]] bool notices_waiting() const;

 private:
  [[nodiscard]] std::uint16_t free_port();
  [[nodiscard]] bool in_use(std::uint16_t port) const;
  void note_arrivals(Socket& socket, std::size_t unread_before);

  std::array<std::optional<Socket>, kSocketCount> sockets_;
  std::uint16_t last_port_{0};
};

}  // namespace rig::modem
