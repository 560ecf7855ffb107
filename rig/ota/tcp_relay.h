// A TCP relay on the way, in virtual time: every connection of the device to the server's port ends
// here, and one of the relay's own goes on from here; bytes, ends and resets are carried between
// the two. So losses, windows and segment sizes of one leg are no matter of the other: what cured
// the first field report, without knowing why. Pure; copied with the world.
//
// The relay is transparent: the device takes it for the server. The server sees `address`. As with
// relays of real life, a device is accepted before anybody knows whether the server can be reached.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/network.h"
#include "base/random.h"
#include "base/time.h"
#include "tcp/connection.h"

namespace rig::ota {

struct RelaySettings {
  std::uint16_t port{80};              // of the server; other packets are not the relay's
  std::uint32_t address{0x0A000003U};  // its own, 10.0.0.3
  tcp::Personality near{tcp::linux_server()};
  tcp::Personality beyond{tcp::linux_server()};
};

class TcpRelay {
 public:
  explicit TcpRelay(RelaySettings settings) : settings_(settings) {}

  [[nodiscard]] bool serves(const base::Packet& packet) const {
    return packet.protocol == base::Protocol::tcp && packet.destination.port == settings_.port;
  }
  [[nodiscard]] bool expects(const base::Packet& packet) const {
    return packet.protocol == base::Protocol::tcp &&
           packet.destination.address == settings_.address;
  }
  void from_device(const base::Packet& packet, base::Instant now);
  void from_server(const base::Packet& packet, base::Instant now);
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<base::Packet> take_to_device();
  [[nodiscard]] std::vector<base::Packet> take_to_server();

 private:
  struct Pair {
    tcp::Connection near;    // the device's
    tcp::Connection beyond;  // ours
    std::optional<base::Instant> forget_at{};
  };

  void accept(const base::Packet& syn, base::Instant now);
  // Until neither has anything for the other now.
  void serve(Pair& pair, base::Instant now);
  void forget_finished(base::Instant now);
  [[nodiscard]] Pair* pair_beyond(const base::Packet& packet);

  RelaySettings settings_;
  base::Random random_{81};  // first sequence numbers; nobody guesses here
  std::uint16_t next_port_{40'000};
  std::map<tcp::Ends, Pair> pairs_;  // by the ends of the device's connection
  std::vector<base::Packet> to_device_;
  std::vector<base::Packet> to_server_;
};

}  // namespace rig::ota
