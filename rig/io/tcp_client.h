// One connection to a server: a programmable supply, a debugger's stub, a switch with a network
// port; over TCP, or over a Unix domain socket of this machine. Connects by itself; nothing is
// retried.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

#include "base/bytes.h"
#include "io/loop.h"

namespace rig::io {

class TcpClient {
 public:
  struct Server {
    std::string host{};    // a name or an address, IPv4 or IPv6; "/...": a local socket
    std::uint16_t port{};  // not of a local socket
    Duration limit{std::chrono::seconds(5)};  // for finding and reaching it
  };
  // Each may be empty, and may destroy the client.
  struct Handlers {
    std::function<void()> connected{};
    std::function<void(base::ByteView, Time)> received{};
    // Called once, also instead of `connected` (time over: std::errc::timed_out). No error: the
    // server closed.
    std::function<void(std::error_code, Time)> ended{};
  };

  TcpClient(Loop& loop, Server server, Handlers handlers);
  ~TcpClient();  // closes; `ended` is not called
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;

  [[nodiscard]] bool connected() const;
  // Throws base::RigError when not connected, and as ByteStream::write().
  void write(base::ByteView bytes);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
