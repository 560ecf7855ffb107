// The packets of the GDB remote serial protocol.

#include "probe/remote_protocol.h"

#include <gtest/gtest.h>

namespace rig::probe {
namespace {

using Kind = Received::Kind;

std::vector<Received> read(const std::string& bytes, std::size_t piece = 1'000'000) {
  PacketReader reader;
  std::vector<Received> received;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.receive(base::bytes_of(bytes.substr(at, piece)), received);
  }
  return received;
}

// With the right checksum, but otherwise as it is.
std::string raw(const std::string& payload) {
  unsigned sum = 0;
  for (const char byte : payload) sum += static_cast<unsigned char>(byte);
  constexpr char kDigits[] = "0123456789abcdef";
  return "$" + payload + "#" + kDigits[sum >> 4U & 15U] + kDigits[sum & 15U];
}

TEST(RemoteProtocol, FramesAsTheManualSays) {
  EXPECT_EQ(framed("OK"), "$OK#9a");
  EXPECT_EQ(framed(""), "$#00");
  EXPECT_EQ(framed("?"), "$?#3f");
}

TEST(RemoteProtocol, EscapesWhatFramesAPacket) {
  // '#' is 0x23, '$' 0x24, '}' 0x7d; each XOR 0x20.
  EXPECT_EQ(framed("a#$}"), raw("a}\x03}\x04}]"));
  EXPECT_EQ(read(framed("a#$}")), (std::vector<Received>{{Kind::packet, "a#$}"}}));
}

TEST(RemoteProtocol, ReadsPacketsInAnyPieces) {
  const std::string all = "+" + raw("T05thread:01;") + "-$#00%Stop#a6";
  const std::vector<Received> expected{{Kind::acknowledged, ""},
                                       {Kind::packet, "T05thread:01;"},
                                       {Kind::refused, ""},
                                       {Kind::packet, ""},
                                       {Kind::notification, "Stop"}};
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) EXPECT_EQ(read(all, piece), expected);
}

TEST(RemoteProtocol, UnfoldsRuns) {
  EXPECT_EQ(read(raw("0* ")), (std::vector<Received>{{Kind::packet, "0000"}}));  // the manual's
  EXPECT_EQ(read(raw("ab*\"c")), (std::vector<Received>{{Kind::packet, "abbbbbbc"}}));
  // What is repeated may be what an escape stands for.
  EXPECT_EQ(read(raw("}\x03* ")), (std::vector<Received>{{Kind::packet, "####"}}));
}

TEST(RemoteProtocol, TellsDamagedPacketsFromGarbage) {
  EXPECT_EQ(read("$OK#9b")[0].kind, Kind::damaged);
  EXPECT_EQ(read("$OK#zz")[0].kind, Kind::damaged);
  EXPECT_EQ(read(raw("ab}"))[0].kind, Kind::damaged);     // nothing escaped
  EXPECT_EQ(read(raw("* "))[0].kind, Kind::damaged);      // nothing to repeat
  EXPECT_EQ(read(raw("a*"))[0].kind, Kind::damaged);      // how often?
  EXPECT_EQ(read(raw("a*\x1f"))[0].kind, Kind::damaged);  // fewer than the manual's three
  EXPECT_EQ(read("Open On-Chip Debugger")[0], (Received{Kind::garbage, "O"}));
}

TEST(RemoteProtocol, HoldsNoEndlessPacket) {
  const auto received = read("$" + std::string(PacketReader::kLongestPacket + 1, 'a'));
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].kind, Kind::garbage);
  std::string bomb = "a";
  for (int i = 0; i < 20'000; ++i) bomb += "*~";
  EXPECT_EQ(read(raw(bomb))[0].kind, Kind::damaged);
}

TEST(RemoteProtocol, ReadsStopReplies) {
  using Stop = StopReply::Kind;
  EXPECT_EQ(parse_stop_reply("S05"), (StopReply{Stop::stopped, 5, {}}));
  EXPECT_EQ(parse_stop_reply("T02thread:01;"), (StopReply{Stop::stopped, 2, {}}));
  EXPECT_EQ(parse_stop_reply("T05thread:01;watch:20000010;"),
            (StopReply{Stop::stopped, 5, 0x20000010}));
  EXPECT_EQ(parse_stop_reply("T05rwatch:00000000f0000000;"),
            (StopReply{Stop::stopped, 5, 0xF0000000}));
  EXPECT_EQ(parse_stop_reply("W03"), (StopReply{Stop::exited, 3, {}}));
  EXPECT_EQ(parse_stop_reply("X0b"), (StopReply{Stop::killed, 11, {}}));
  for (const char* wrong : {"", "OK", "E01", "S5", "S05x", "Tzz", "0500"}) {
    EXPECT_EQ(parse_stop_reply(wrong), std::nullopt) << wrong;
  }
}

TEST(RemoteProtocol, NumbersTriggersAsTheManualDoes) {
  using K = Trigger::Kind;
  EXPECT_EQ(insert_command({K::breakpoint, 0x20000100}), "Z0,20000100,2");
  EXPECT_EQ(insert_command({K::hardware_breakpoint, 0x8000120}), "Z1,8000120,2");
  EXPECT_EQ(insert_command({K::write, 0x20000010, 4}), "Z2,20000010,4");
  EXPECT_EQ(remove_command({K::read, 0x20000010, 1}), "z3,20000010,1");
  EXPECT_EQ(remove_command({K::access, 0x20000010, 16}), "z4,20000010,10");
  EXPECT_EQ(to_text({K::breakpoint, 0x120}), "the breakpoint at 0x00000120");
  EXPECT_EQ(to_text({K::access, 0x20000010, 2}), "the access of 2 bytes at 0x20000010");
}

TEST(RemoteProtocol, SpellsMemoryInHex) {
  EXPECT_EQ(read_command(0x20000000, 64), "m20000000,40");
  EXPECT_EQ(write_command(0x20000000, base::bytes_of("\x01\xab")), "M20000000,2:01ab");
  EXPECT_EQ(from_hex("01aB"), base::bytes_of("\x01\xab"));
  EXPECT_EQ(from_hex(""), base::Bytes{});
  for (const char* wrong : {"1", "E01", "0g", "-1", " 1"}) EXPECT_FALSE(from_hex(wrong)) << wrong;
}

TEST(RemoteProtocol, FindsFeatures) {
  const std::string answer = "PacketSize=1000;qXfer:features:read+;QStartNoAckMode-";
  EXPECT_EQ(feature(answer, "PacketSize"), "1000");
  EXPECT_EQ(feature(answer, "qXfer:features:read"), "+");
  EXPECT_EQ(feature(answer, "QStartNoAckMode"), "-");
  EXPECT_EQ(feature(answer, "qXfer"), "");
  EXPECT_EQ(feature("", "PacketSize"), "");
}

}  // namespace
}  // namespace rig::probe
