// A TCP port that stands in for a server: whoever connects reaches the server through the line. The
// cure of the first field report, and its cause at will.
//
// Bounded: so many connections at once (more are reset), each with at most a window in either
// direction, all together at most what the line takes.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "io/tcp_listener.h"
#include "shaping/tcp_connection.h"

namespace rig::shaping {

class TcpRelay {
 public:
  struct Settings {
    base::Endpoint listen{};
    base::Endpoint upstream{};
    TcpConnection::Settings connection{};
    std::size_t most_connections{4096};
  };

  // The line must outlive the relay. Throws base::RigError: port taken.
  TcpRelay(io::Loop& loop, Line& line, Settings settings);
  ~TcpRelay();  // resets every connection
  TcpRelay(const TcpRelay&) = delete;
  TcpRelay& operator=(const TcpRelay&) = delete;

  [[nodiscard]] base::Endpoint local() const { return listener_.local(); }

 private:
  void accept(io::UniqueFd device, const base::Endpoint& peer);
  void over(const Flow& flow);
  void bury();

  io::Loop& loop_;
  Line& line_;
  Settings settings_;
  std::map<Flow, std::unique_ptr<TcpConnection>> connections_;
  std::vector<Flow> dead_;
  io::Timer burial_;  // not within a call of theirs
  io::TcpListener listener_;
};

}  // namespace rig::shaping
