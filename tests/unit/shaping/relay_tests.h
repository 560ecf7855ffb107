// What the tests of the relay have in common: ends of connections and servers in one loop.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/tcp_client.h"
#include "shaping/relay_link.h"

namespace rig::shaping {

using namespace std::chrono_literals;
using base::Endpoint;

inline constexpr std::uint32_t kLoopback = 0x7F000001;
inline constexpr Endpoint kAnyPort{.address = kLoopback, .port = 0};

inline link::Profile alike(link::Path path) {
  return {.name = "test", .up = path, .down = path, .outages = {}};
}

// One end of a connection, in the loop of the test.
class Peer {
 public:
  Peer(io::Loop& loop, io::UniqueFd socket)
      : socket_(std::move(socket)), watch_(loop, socket_.get()) {
    watch_.on_readable([this] { read(); });
  }
  void send(const std::string& text) { unsent_ += text, push(); }
  void send_end() const { io::send_end(socket_.get()); }
  void reset() {
    watch_.stop_reading();
    io::reset(socket_);
  }
  [[nodiscard]] std::size_t unsent() const { return unsent_.size(); }

  std::string received;
  io::Time last{};
  bool ended{false};
  std::error_code error{};

 private:
  void read() {
    std::array<std::uint8_t, 65536> buffer{};
    const io::Transferred got = io::read_some(socket_.get(), buffer);
    received.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    if (got.bytes > 0) last = io::now();
    ended = ended || got.ended;
    error = got.error;
    if (got.ended || got.error) watch_.stop_reading();
  }
  void push() {
    const auto put = io::write_some(
        socket_.get(), {reinterpret_cast<const std::uint8_t*>(unsent_.data()), unsent_.size()});
    unsent_.erase(0, put.bytes);
    if (!unsent_.empty() && !put.error) watch_.when_writable([this] { push(); });
  }

  io::UniqueFd socket_;
  io::Watch watch_;
  std::string unsent_;
};

// A device, a relay, and a server behind it.
class Relayed : public testing::Test {
 protected:
  void shape(const link::Profile& profile, TcpConnection::Settings connection = {}) {
    relay_.emplace(loop_, profile,
                   RelayLink::Settings{.forwards = {{.listen = kAnyPort, .upstream = upstream()}},
                                       .connection = connection});
  }
  [[nodiscard]] Endpoint upstream() const { return listener_->local(); }
  void connect() {
    started_ = io::now();
    device_.emplace(loop_, io::start_connecting(relay_->listening().front()));
  }
  void connect_through() {
    connect();
    ASSERT_TRUE(until([this] { return server_.has_value(); }));
  }
  bool until(const std::function<bool()>& done) { return loop_.run_until(done, 20s); }

  io::Loop loop_;
  std::optional<Peer> server_;
  std::optional<io::TcpListener> listener_{
      std::in_place, loop_, kAnyPort,
      [this](io::UniqueFd socket, const Endpoint&) { server_.emplace(loop_, std::move(socket)); }};
  std::optional<RelayLink> relay_;
  std::optional<Peer> device_;
  io::Time started_{};
};

// A device, a relay and a server of datagrams; the server answers in capitals.
class RelayedDatagrams : public testing::Test {
 protected:
  void shape(const link::Profile& profile) {
    relay_.emplace(loop_, profile,
                   RelayLink::Settings{.forwards = {{.protocol = base::Protocol::udp,
                                                     .listen = kAnyPort,
                                                     .upstream = server_.local()}}});
  }
  void send(io::UdpSocket& from, const std::string& text) {
    ASSERT_TRUE(from.send(relay_->listening().front(), base::bytes_of(text)));
  }

  io::Loop loop_;
  std::vector<std::string> heard_;
  std::vector<Endpoint> clients_;
  io::UdpSocket server_{
      loop_, kAnyPort, [this](const Endpoint& from, base::ByteView bytes, io::Time) {
        clients_.push_back(from);
        (void)server_.send(from, base::bytes_of("re " + std::string(base::as_text(bytes))));
      }};
  io::UdpSocket first_{loop_, kAnyPort, [this](const Endpoint&, base::ByteView bytes, io::Time) {
                         heard_.push_back("first: " + std::string(base::as_text(bytes)));
                       }};
  io::UdpSocket second_{loop_, kAnyPort, [this](const Endpoint&, base::ByteView bytes, io::Time) {
                          heard_.push_back("second: " + std::string(base::as_text(bytes)));
                        }};
  std::optional<RelayLink> relay_;
};

}  // namespace rig::shaping
