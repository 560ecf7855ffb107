// A server on the loopback that answers as a test tells it to, in the test's own loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "io/byte_stream.h"
#include "io/loop.h"
#include "io/unique_fd.h"
#include "io/watch.h"

namespace rig::probe {

class ScriptedServer {
 public:
  // What came is in received(); what it returns is sent.
  using Script = std::function<std::string(const std::string& piece)>;

  ScriptedServer(io::Loop& loop, Script script);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& received() const { return received_; }
  [[nodiscard]] bool has_client() const { return stream_.has_value(); }
  // Without being asked.
  void send(const std::string& bytes);
  // The connection is closed, and further ones refused.
  void die();

 private:
  void accept();

  io::Loop& loop_;
  Script script_;
  io::UniqueFd listener_;
  std::uint16_t port_{};
  std::optional<io::Watch> watch_;
  io::UniqueFd client_;
  std::optional<io::ByteStream> stream_;
  std::string received_;
};

// A listening socket of the loopback, blocking, close-on-exec, and its port.
struct Listener {
  io::UniqueFd descriptor;
  std::uint16_t port{};
};
[[nodiscard]] Listener listen_on_loopback();

}  // namespace rig::probe
