// The HTTP server in virtual time: connections of rig/tcp, an HttpSession on each. Pure; packets
// in, packets and traces out; copied with the world.
//
// It is a Linux server (tcp::linux_server): what the device announces limits it, what the device
// does not acknowledge it repeats for a quarter of an hour. A connection that both ends have closed
// is kept for a minute, and so is one that only the server has closed. A SYN of an address and port
// that has a connection already is a device that lost its power and starts anew: the old connection
// is dropped (Linux would ask back first, RFC 5961). Packets for no connection get a RST.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/network.h"
#include "base/random.h"
#include "base/time.h"
#include "ota/catalogue.h"
#include "ota/http_session.h"
#include "ota/http_settings.h"
#include "ota/update_server.h"
#include "tcp/connection.h"

namespace rig::ota {

// Traces, all on the server's lane:
//   session   "http connect from=10.0.0.2:49152"
//             "http close from=.. served=520000"   both ends in peace, or ours after a minute
//             "http abort from=.. reason=reset|no-answer|new-connection|fault served=27136"
//   note      value: n-th request of the cycle; "http GET /imp/2 answer=200 first=0 bytes=520000"
//   progress  value: bytes of this answer's body that the device has acknowledged, about every 32
//             KiB and at its end; "http of=520000"
// `served`: body bytes of all answers of the connection that were acknowledged.
class HttpServer {
 public:
  // The catalogue must outlive the server and every copy of it.
  HttpServer(const Catalogue& catalogue, HttpSettings settings);
  HttpServer(Catalogue&&, HttpSettings) = delete;

  [[nodiscard]] bool serves(const base::Packet& packet) const {
    return packet.protocol == base::Protocol::tcp && packet.destination.port == settings_.port;
  }
  void receive(const base::Packet& packet, base::Instant now);
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<Output> take_outputs();

 private:
  struct Peer {
    tcp::Connection connection;
    HttpSession session;
    std::uint64_t written{0};      // bytes of the answers, with their heads
    std::uint64_t body_from{0};    // of `written`: where the body of the last answer begins
    std::uint64_t body_length{0};  // of the last answer
    std::uint64_t told{0};         // body bytes of it that were traced as acknowledged
    std::uint64_t served{0};       // body bytes of the answers before it
    base::Instant idle_since{};
    std::optional<base::Instant> forget_at;  // closed by us
    std::optional<base::Instant> session_wake;
  };

  void accept(const base::Packet& syn, base::Instant now);
  void refuse(const base::Packet& packet);
  // Carries bytes between a connection and its session until neither has more to do now.
  void serve(Peer& peer, base::Instant now);
  void answer_requests(Peer& peer, base::Instant now);
  void write_answer(Peer& peer, base::Instant now);
  void end_answers(Peer& peer, base::Instant now);
  void tell_progress(Peer& peer, base::Instant now);
  void collect(Peer& peer);
  void forget_finished(base::Instant now);
  [[nodiscard]] static std::uint64_t body_acknowledged(const Peer& peer);
  [[nodiscard]] std::optional<base::Instant> due(const Peer& peer) const;
  void trace(base::Instant at, TraceKind kind, std::uint64_t value, std::string text);
  void trace_end(const Peer& peer, std::string_view how, base::Instant now);

  const Catalogue* catalogue_;
  HttpSettings settings_;
  base::Random random_{80};  // first sequence numbers; nobody guesses here
  std::uint32_t requests_{0};
  std::map<tcp::Ends, Peer> peers_;
  std::vector<Output> outputs_;
};

}  // namespace rig::ota
