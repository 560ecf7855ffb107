// TCP sockets through AT commands.
#include "tcp/connection.h"
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

// Answers with a connection of its own.
class Server {
 public:
  void serve(Bench& bench) {
    for (const base::Packet& packet : bench.sent()) {
      if (!stream) {
        stream = tcp::Connection::accept(packet, tcp::cellular_module(), 500, bench.now);
      } else {
        stream->receive(packet, bench.now);
      }
    }
    if (!stream) return;
    for (base::Packet& packet : stream->take_packets()) bench.deliver(std::move(packet));
  }
  std::optional<tcp::Connection> stream;
};

Step served(Server& server) {
  return {"server answers", [&server](Bench& bench) {
            for (int i = 0; i < 10; ++i) server.serve(bench);
            return std::string();
          }};
}

Steps connect(Server& server) {
  return {ask("AT+USOCR=6", {"+USOCR: 0", "OK"}), say("AT+USOCO=0,\"10.10.10.10\",80\r"),
          is_silent(50ms), served(server), hears(framed({"OK"}), 0s)};
}

TEST(TcpSocket, ConnectsWritesReadsAndCloses) {
  Bench bench;
  Server server;
  run(bench, go_online());
  run(bench, connect(server));
  run(bench, {ask_prompt("AT+USOWR=0,5"), say("hello"), hears(framed({"+USOWR: 0,5", "OK"})),
              served(server)});
  ASSERT_TRUE(server.stream);
  EXPECT_EQ(base::as_text(server.stream->read(100)), "hello");
  (void)server.stream->write(base::bytes_of("well\r\ncome"), bench.now);
  run(bench, {served(server), hears_urc("+UUSORD: 0,10"),
              ask("AT+USORD=0,0", {"+USORD: 0,10", "OK"}), say("AT+USORD=0,4\r"),
              hears("\r\n+USORD: 0,4,\"well\"" + framed({"OK"}) + framed({"+UUSORD: 0,6"})),
              say("AT+USORD=0,1024\r"), hears("\r\n+USORD: 0,6,\"\r\ncome\"" + framed({"OK"})),
              ask("AT+USOCTL=0,10", {"+USOCTL: 0,10,4", "OK"}),
              ask("AT+USOCTL=0,11", {"+USOCTL: 0,11,0", "OK"}), say("AT+USOCL=0\r"),
              is_silent(50ms), served(server)});
  EXPECT_TRUE(server.stream->remote_closed());
  server.stream->close(bench.now);
  run(bench, {served(server), hears(framed({"OK"}), 0s), ask("AT+USOCTL=0,1", {"ERROR"})});
  EXPECT_TRUE(server.stream->done());
  EXPECT_FALSE(server.stream->failed());
}

TEST(TcpSocket, ARemoteCloseIsToldAfterTheLastByteWasRead) {
  Bench bench;
  Server server;
  run(bench, go_online());
  run(bench, connect(server));
  (void)server.stream->write(base::bytes_of("bye"), bench.now);
  server.stream->close(bench.now);
  run(bench, {served(server), hears_urc("+UUSORD: 0,3"), is_silent(10s), say("AT+USORD=0,9\r"),
              hears("\r\n+USORD: 0,3,\"bye\"" + framed({"OK"}) + framed({"+UUSOCL: 0"})),
              ask("AT+USOCTL=0,1", {"ERROR"})});
}

TEST(TcpSocket, NobodyAnswers) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=6", {"+USOCR: 0", "OK"}),
              ask("AT+USOWR=0,1", {"+CME ERROR: operation not allowed"}),
              say("AT+USOCO=0,\"10.10.10.10\",80\r"), is_silent(19s),
              hears(framed({"ERROR"}), 1100ms), ask("AT", {"OK"}), is_silent(5min)});
  // The SYN, its repetitions at 1, 3, 7 and 15 s, and the RST that takes it back.
  EXPECT_EQ(bench.sent().size(), 6U);
}

TEST(TcpSocket, AResetByTheServerClosesIt) {
  Bench bench;
  Server server;
  run(bench, go_online());
  run(bench, connect(server));
  server.stream->abort();
  run(bench, {served(server), hears_urc("+UUSOCL: 0"), ask("AT+USOCTL=0,1", {"ERROR"})});
}

TEST(TcpSocket, CloseWithoutAnAnswerIsForcedAfterTenSeconds) {
  Bench bench;
  Server server;
  run(bench, go_online());
  run(bench, connect(server));
  run(bench, {say("AT+USOCL=0\r"), is_silent(10s), hears(framed({"OK"}), 30ms)});
  const auto packets = bench.sent();
  ASSERT_FALSE(packets.empty());
  EXPECT_EQ(packets.back().tcp_flags, base::kTcpRst | base::kTcpAck);
}

TEST(TcpSocket, ASegmentForNobodyIsAnsweredWithAReset) {
  Bench bench;
  run(bench, go_online());
  base::Packet stray = datagram_to(9, "x");
  stray.protocol = base::Protocol::tcp;
  stray.tcp_flags = base::kTcpAck;
  stray.sequence = 5;
  stray.acknowledgement = 6;
  bench.deliver(stray);
  const auto packets = bench.sent();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].tcp_flags, base::kTcpRst | base::kTcpAck);
  EXPECT_EQ(packets[0].sequence, 6U);
}

}  // namespace
}  // namespace rig::modem
