// UDP sockets through AT commands: their life, their limits, their notifications.
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

const char* const kNotAllowed = "+CME ERROR: operation not allowed";

Step read_datagram(const std::string& data) {
  return {"read a datagram", [=](Bench& bench) {
            bench.say("AT+USORF=0,1024\r");
            bench.listen(100ms);
            const std::string wanted = "\r\n+USORF: 0,\"10.10.10.10\",5684," +
                                       std::to_string(data.size()) + ",\"" + data + "\"" +
                                       framed({"OK"});
            const std::string got = bench.heard().substr(0, wanted.size());
            return got == wanted ? std::string() : "heard " + visible(got);
          }};
}

TEST(Sockets, ThereAreSeven) {
  Bench bench;
  run(bench, go_online());
  for (int i = 0; i < 7; ++i) {
    run(bench, {ask("AT+USOCR=17", {"+USOCR: " + std::to_string(i), "OK"})});
  }
  run(bench, {ask("AT+USOCR=17", {kNotAllowed}), ask("AT+USOCL=3", {"OK"}),
              ask("AT+USOCTL=3,1", {"ERROR"}), ask("AT+USOCR=6", {"+USOCR: 3", "OK"}),
              ask("AT+USOCTL=3,0", {"+USOCTL: 3,0,6", "OK"}),
              ask("AT+USOCTL=2,0", {"+USOCTL: 2,0,17", "OK"})});
}

TEST(Sockets, APortIsTakenOnce) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,5684", {"+USOCR: 0,5684", "OK"}), ask("AT+USOCR=17,5684", {kNotAllowed}),
       ask("AT+USOCL=0", {"OK"}), ask("AT+USOCR=17,5684", {"+USOCR: 0,5684", "OK"}),
       ask("AT+USOCR=17,0", {"+CME ERROR: Incorrect parameters"}),
       ask("AT+USOCR=17,65536", {"+CME ERROR: Incorrect parameters"})});
}

TEST(Sockets, ADatagramLeavesFromTheSocketsOwnPort) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,4711", {"+USOCR: 0,4711", "OK"}), ask("AT+USOCR=17", {"+USOCR: 1", "OK"}),
       ask("AT+USOST=0,\"10.10.10.10\",5684,1,\"a\"", {"+USOST: 0,1", "OK"}),
       ask("AT+USOST=1,\"device.otarig.test\",5684,1,\"b\"", {"+USOST: 1,1", "OK"})});
  const auto packets = bench.sent();
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[0].source, (base::Endpoint{0x0A000002, 4711}));
  EXPECT_EQ(packets[0].destination, kServer);
  EXPECT_GE(packets[1].source.port, 49152);
  EXPECT_EQ(packets[1].wire_bytes(), 29U);
}

TEST(Sockets, ABlockIsOneToOneThousandTwentyFourBytes) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17", {"+USOCR: 0", "OK"}),
              ask("AT+USOST=0,\"10.10.10.10\",5684,0", {"+CME ERROR: Incorrect parameters"}),
              ask("AT+USOST=0,\"10.10.10.10\",5684,1025", {"+CME ERROR: Incorrect parameters"}),
              ask("AT+USORF=0,1025", {"+CME ERROR: Incorrect parameters"}),
              ask_prompt("AT+USOST=0,\"10.10.10.10\",5684,1024")});
  std::string block;
  for (int i = 0; i < 1024; ++i) block += static_cast<char>(i * 7);
  // In pieces, as a UART delivers it, with a command line right behind it.
  run(bench, {say(block.substr(0, 1)), pass(10ms), say(block.substr(1, 700)), pass(60ms),
              say(block.substr(701) + "AT\r"), pass(100ms),
              hears(framed({"+USOST: 0,1024", "OK"}) + framed({"OK"}), 0s), sends(block)});
}

TEST(Sockets, DatagramsAreReadOneByOneAndAnnouncedAgainWhileSomeAreLeft) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), datagram(7, "one"),
              hears_urc("+UUSORF: 0,3"), datagram(7, "three"), datagram(7, "fo\"\r"), is_silent(1s),
              ask("AT+USORF=0,0", {"+USORF: 0,12", "OK"}), read_datagram("one")});
  run(bench, {read_datagram("three"), read_datagram("fo\"\r"), is_silent(1s),
              ask("AT+USORF=0,1024", {"+USORF: 0,0", "OK"})});
  EXPECT_NE(bench.history().find(" urc +UUSORF: 0,9\n"), std::string::npos);
  EXPECT_NE(bench.history().find(" urc +UUSORF: 0,4\n"), std::string::npos);
}

TEST(Sockets, ADatagramMayBeReadInPieces) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), datagram(7, "abcdef"),
              hears_urc("+UUSORF: 0,6"), say("AT+USORF=0,4\r"),
              hears("\r\n+USORF: 0,\"10.10.10.10\",5684,4,\"abcd\"" + framed({"OK"}) +
                    framed({"+UUSORF: 0,2"})),
              read_datagram("ef")});
}

TEST(Sockets, TheSeventeenthUnreadDatagramIsDroppedAndTraced) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"})});
  for (int i = 0; i < 18; ++i) run(bench, {datagram(7, "datagram " + std::to_string(i))});
  run(bench, {traced("packet dropped reason=queue-full port=7 bytes=11")});
  (void)bench.heard();
  for (int i = 0; i < 16; ++i) run(bench, {read_datagram("datagram " + std::to_string(i))});
  run(bench, {ask("AT+USORF=0,0", {"+USORF: 0,0", "OK"}), datagram(7, "again"),
              hears_urc("+UUSORF: 0,5")});
}

TEST(Sockets, PacketsForNobodyAreDroppedAndTraced) {
  Bench bench;
  run(bench, {datagram(7, "x"), traced("packet dropped reason=power port=7 bytes=1")});
  run(bench, switch_on());
  run(bench, {datagram(7, "x"), traced("packet dropped reason=no-session port=7 bytes=1")});
  Bench online;
  run(online, go_online());
  run(online,
      {datagram(7, "x"), traced("packet dropped reason=no-socket port=7 bytes=1"), is_silent(1s)});
}

TEST(Sockets, DieWithTheSession) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), datagram(7, "unread"),
       hears_urc("+UUSORF: 0,6"), ask("AT+UPSDA=0,4", {"OK"}), ask("AT+UPSDA=0,4", {kNotAllowed}),
       ask("AT+USORF=0,1024", {kNotAllowed}), ask("AT+UPSDA=0,3", {"OK"}, 1s),
       ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), ask("AT+USORF=0,0", {"+USORF: 0,0", "OK"})});
}

TEST(Sockets, ASessionLostBehindThePromptRefusesTheData) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17", {"+USOCR: 0", "OK"}), ask_prompt("AT+USOST=0,\"10.10.10.10\",5684,4")});
  bench.end_session();
  run(bench, {is_silent(1s), say("data"), hears(framed({kNotAllowed}) + framed({"+UUPSDD: 0"}))});
  EXPECT_TRUE(bench.sent().empty());
}

TEST(Sockets, TenTransfersOfASixtyFourKilobyteUpdate) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"})});
  const std::string chunk(522, 'c');
  for (int i = 0; i < 1290; ++i) {
    bench.deliver(datagram_to(7, chunk));
    bench.say("AT+USORF=0,1024\r");
    bench.pass(20ms);
  }
  EXPECT_EQ(bench.states().find("dropped"), std::string::npos);
  run(bench, {pass(1s)});
  (void)bench.heard();
  run(bench, {ask("AT+USOCTL=0,3", {"+USOCTL: 0,3,673380", "OK"})});
}

}  // namespace
}  // namespace rig::modem
