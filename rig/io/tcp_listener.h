// A TCP port of this machine (IPv4) that clients connect to.
#pragma once

#include <functional>
#include <memory>

#include "base/network.h"
#include "io/loop.h"
#include "io/unique_fd.h"

namespace rig::io {

class TcpListener {
 public:
  // The connection is non-blocking and sends without delay. Must not destroy the listener.
  using Accepted = std::function<void(UniqueFd connection, const base::Endpoint& peer)>;

  // Port 0: any free one. Throws base::RigError: port taken, no right to a port below 1024.
  TcpListener(Loop& loop, const base::Endpoint& local, Accepted accepted);
  ~TcpListener();
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  [[nodiscard]] base::Endpoint local() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
