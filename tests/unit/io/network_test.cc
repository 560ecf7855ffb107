// TCP and UDP over the kernel's loopback.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "base/rig_error.h"
#include "io/tcp_client.h"
#include "io/udp_socket.h"
#include "io/unique_fd.h"

namespace rig::io {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kLoopback = 0x7F000001;

// A server that accepts one connection when asked to.
class Listener {
 public:
  Listener() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(kLoopback);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(descriptor_.get(), generic, length), 0);
    EXPECT_EQ(::listen(descriptor_.get(), 4), 0);
    EXPECT_EQ(::getsockname(descriptor_.get(), generic, &length), 0);
    port_ = ntohs(address.sin_port);
  }
  [[nodiscard]] UniqueFd accept() const {
    return UniqueFd(::accept(descriptor_.get(), nullptr, nullptr));
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  UniqueFd descriptor_;
  std::uint16_t port_{};
};

struct Seen {
  bool connected{false};
  std::string received;
  std::optional<std::error_code> ended;

  TcpClient::Handlers handlers() {
    return {.connected = [this] { connected = true; },
            .received = [this](auto bytes, Time) { received += base::as_text(bytes); },
            .ended = [this](auto error, Time) { ended = error; }};
  }
};

TEST(TcpClient, TalksToAServerUntilItCloses) {
  Loop loop;
  const Listener listener;
  Seen seen;
  TcpClient client(loop, {.host = "127.0.0.1", .port = listener.port()}, seen.handlers());
  EXPECT_THROW(client.write(base::bytes_of("early")), base::RigError);
  ASSERT_TRUE(loop.run_until([&] { return seen.connected; }, 5s));
  UniqueFd server = listener.accept();
  client.write(base::bytes_of("*IDN?\n"));
  char text[8]{};
  EXPECT_EQ(::read(server.get(), text, sizeof text), 6);
  ASSERT_EQ(::write(server.get(), "SUPPLY\n", 7), 7);
  EXPECT_TRUE(loop.run_until([&] { return seen.received == "SUPPLY\n"; }, 5s));
  server.reset();
  EXPECT_TRUE(loop.run_until([&] { return seen.ended.has_value(); }, 5s));
  EXPECT_FALSE(*seen.ended);
  EXPECT_FALSE(client.connected());
}

TEST(TcpClient, FindsAServerByName) {
  Loop loop;
  const Listener listener;
  Seen seen;
  const TcpClient client(loop, {.host = "localhost", .port = listener.port()}, seen.handlers());
  EXPECT_TRUE(loop.run_until([&] { return seen.connected; }, 5s));
}

TEST(TcpClient, ReportsARefusal) {
  Loop loop;
  std::uint16_t port = 0;
  {
    const Listener closed;
    port = closed.port();
  }
  Seen seen;
  const TcpClient client(loop, {.host = "127.0.0.1", .port = port}, seen.handlers());
  ASSERT_TRUE(loop.run_until([&] { return seen.ended.has_value(); }, 5s));
  EXPECT_EQ(*seen.ended, std::errc::connection_refused);
  EXPECT_FALSE(seen.connected);
}

TEST(TcpClient, GivesUpAfterItsLimit) {
  Loop loop;
  const Listener listener;
  // A full queue of a server that accepts nobody leaves the next one without an answer.
  std::vector<std::unique_ptr<TcpClient>> fill;
  for (int i = 0; i < 16; ++i) {
    fill.push_back(std::make_unique<TcpClient>(
        loop, TcpClient::Server{.host = "127.0.0.1", .port = listener.port()},
        TcpClient::Handlers{}));
  }
  loop.run_for(100ms);
  Seen seen;
  const TcpClient client(loop, {.host = "127.0.0.1", .port = listener.port(), .limit = 100ms},
                         seen.handlers());
  ASSERT_TRUE(loop.run_until([&] { return seen.ended.has_value(); }, 5s));
  EXPECT_EQ(*seen.ended, std::errc::timed_out);
}

TEST(TcpClient, MayBeDestroyedWhileItConnects) {
  Loop loop;
  const Listener listener;
  Seen seen;
  { const TcpClient client(loop, {.host = "127.0.0.1", .port = listener.port()}, seen.handlers()); }
  loop.run_for(50ms);
  EXPECT_FALSE(seen.connected);
  EXPECT_FALSE(seen.ended);
}

TEST(UdpSocket, CarriesDatagramsWhole) {
  Loop loop;
  std::vector<std::string> received;
  base::Endpoint from;
  UdpSocket server(loop, {.address = kLoopback, .port = 0},
                   [&](const auto& sender, auto bytes, Time) {
                     from = sender;
                     received.emplace_back(base::as_text(bytes));
                   });
  UdpSocket client(loop, {.address = kLoopback, .port = 0}, [](const auto&, auto, Time) {});
  const std::string large(60'000, 'x');
  EXPECT_TRUE(client.send(server.local(), base::bytes_of("one")));
  EXPECT_TRUE(client.send(server.local(), base::bytes_of("")));
  EXPECT_TRUE(client.send(server.local(), base::bytes_of(large)));
  ASSERT_TRUE(loop.run_until([&] { return received.size() == 3; }, 5s));
  EXPECT_EQ(received, (std::vector<std::string>{"one", "", large}));
  EXPECT_EQ(from, client.local());
}

TEST(UdpSocket, SaysWhichAddressIsTaken) {
  Loop loop;
  const UdpSocket first(loop, {.address = kLoopback, .port = 0}, [](const auto&, auto, Time) {});
  try {
    const UdpSocket second(loop, first.local(), [](const auto&, auto, Time) {});
    FAIL();
  } catch (const base::RigError& error) {
    EXPECT_NE(std::string(error.what()).find("127.0.0.1:"), std::string::npos);
  }
}

TEST(UdpSocket, MayBeDestroyedByItsReceiver) {
  Loop loop;
  std::optional<UdpSocket> server;
  server.emplace(loop, base::Endpoint{.address = kLoopback, .port = 0},
                 [&](const auto&, auto, Time) { server.reset(); });
  UdpSocket client(loop, {.address = kLoopback, .port = 0}, [](const auto&, auto, Time) {});
  EXPECT_TRUE(client.send(server->local(), base::bytes_of("a")));
  EXPECT_TRUE(client.send(server->local(), base::bytes_of("b")));
  EXPECT_TRUE(loop.run_until([&] { return !server; }, 5s));
}

}  // namespace
}  // namespace rig::io
