#include "serve/page_server.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"
#include "io/tcp_client.h"

namespace rig::serve {
namespace {

using std::chrono::seconds;

base::ByteView bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Sends `request` and gives what the server said until it closed.
std::string said_to(io::Loop& loop, const base::Endpoint& server, const std::string& request) {
  std::string said;
  bool ended = false;
  std::unique_ptr<io::TcpClient> client;
  client = std::make_unique<io::TcpClient>(
      loop, io::TcpClient::Server{.host = "127.0.0.1", .port = server.port},
      io::TcpClient::Handlers{
          .connected = [&] { client->write(bytes_of(request)); },
          .received = [&](base::ByteView bytes, io::Time) { said += base::as_text(bytes); },
          .ended = [&](std::error_code, io::Time) { ended = true; }});
  EXPECT_TRUE(loop.run_until([&] { return ended; }, seconds(5)));
  return said;
}

PageServer::Answer echo(std::size_t times) {
  return [times](const auto& request) {
    if (const auto* bad = std::get_if<ota::BadRequest>(&request)) return "bad: " + bad->what;
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += std::get<ota::HttpRequest>(request).target;
    return out;
  };
}

TEST(PageServer, AnswersAndCloses) {
  io::Loop loop;
  const PageServer server(loop, {0x7F000001, 0}, echo(1));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(said_to(loop, server.local(), "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"), "/hello");
  }
}

TEST(PageServer, LargeAnswersArriveWhole) {
  io::Loop loop;
  const PageServer server(loop, {0x7F000001, 0}, echo(400'000));
  const auto said = said_to(loop, server.local(), "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(said.size(), 400'000 * std::string_view("/hello").size());
}

TEST(PageServer, TellsWhatIsNoRequest) {
  io::Loop loop;
  const PageServer server(loop, {0x7F000001, 0}, echo(1));
  EXPECT_TRUE(said_to(loop, server.local(), "nonsense\r\n\r\n").starts_with("bad: "));
  EXPECT_TRUE(said_to(loop, server.local(), std::string(9'000, 'x')).starts_with("bad: "));
}

TEST(PageServer, APortInUseIsTold) {
  io::Loop loop;
  const PageServer server(loop, {0x7F000001, 0}, echo(1));
  EXPECT_THROW(PageServer(loop, server.local(), echo(1)), base::RigError);
}

// Nobody who only holds connections open keeps others out for longer than the limit.
TEST(PageServer, MoreConnectionsThanItTakesAreClosed) {
  io::Loop loop;
  const PageServer server(loop, {0x7F000001, 0}, echo(1));
  std::vector<std::unique_ptr<io::TcpClient>> idle;
  std::size_t connected = 0;
  std::size_t closed = 0;
  for (std::size_t i = 0; i < PageServer::kConnections + 3; ++i) {
    idle.push_back(std::make_unique<io::TcpClient>(
        loop, io::TcpClient::Server{.host = "127.0.0.1", .port = server.local().port},
        io::TcpClient::Handlers{.connected = [&] { ++connected; },
                                .received = {},
                                .ended = [&](std::error_code, io::Time) { ++closed; }}));
  }
  EXPECT_TRUE(loop.run_until([&] { return closed == 3; }, seconds(5)));
  idle.clear();
  loop.run_for(std::chrono::milliseconds(50));
  EXPECT_EQ(said_to(loop, server.local(), "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"), "/hello");
}

}  // namespace
}  // namespace rig::serve
