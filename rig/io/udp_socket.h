// One UDP socket over IPv4: datagrams in, datagrams out.
#pragma once

#include <functional>
#include <memory>

#include "base/network.h"
#include "io/loop.h"

namespace rig::io {

class UdpSocket {
 public:
  // The payload lives until the call returns. May destroy the socket.
  using Receiver = std::function<void(const base::Endpoint& from, base::ByteView, Time)>;

  // Binds to `local`; port 0: any free one. Throws base::RigError.
  UdpSocket(Loop& loop, base::Endpoint local, Receiver receiver);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  [[nodiscard]] base::Endpoint local() const;
  // False: the kernel's buffer is full and the datagram is lost, as on the wire. Throws
  // base::RigError for everything else (too long, no route).
  [[nodiscard]] bool send(const base::Endpoint& to, base::ByteView payload);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
