// A UDP port that stands in for a server: each client's datagrams reach it from a port of their
// own, and its answers go back the same way, through the line. A datagram that finds no room on the
// line is dropped ("queue full"), as by any router. When a router of the model gives a client
// another port, its datagrams leave from another one too, and the server's answers to the old one
// are lost.
#pragma once

#include <map>
#include <memory>

#include "io/udp_socket.h"
#include "shaping/line.h"

namespace rig::shaping {

class UdpRelay {
 public:
  struct Settings {
    base::Endpoint listen{};
    base::Endpoint upstream{};
    std::size_t most_clients{256};  // another one takes the place of the longest silent
  };

  // The line must outlive the relay. Throws base::RigError: port taken.
  UdpRelay(io::Loop& loop, Line& line, Settings settings);
  ~UdpRelay();
  UdpRelay(const UdpRelay&) = delete;
  UdpRelay& operator=(const UdpRelay&) = delete;

  [[nodiscard]] base::Endpoint local() const { return socket_.local(); }

 private:
  struct Client {
    std::unique_ptr<io::UdpSocket> upstream;
    io::Time last;
    base::Endpoint seen;    // the client, behind a router of the model: another port
    base::Endpoint server;  // whom it has reached last
  };
  [[nodiscard]] Flow flow_of(const base::Endpoint& client) const;
  void from_client(const base::Endpoint& client, base::ByteView datagram, io::Time at);
  void from_server(const base::Endpoint& client, const base::Endpoint& server,
                   base::ByteView datagram);
  void send(const base::Endpoint& client, base::Direction direction, base::ByteView datagram);
  void arrived(const base::Endpoint& client, base::Direction direction, const base::Packet& packet);
  void open(const base::Endpoint& client);
  [[nodiscard]] std::unique_ptr<io::UdpSocket> port_for(const base::Endpoint& client);
  void forget_longest_silent();

  io::Loop& loop_;
  Line& line_;
  Settings settings_;
  std::map<base::Endpoint, Client> clients_;
  io::UdpSocket socket_;
};

}  // namespace rig::shaping
