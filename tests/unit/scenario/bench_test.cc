// Bench files, good and bad.
#include "scenario/bench.h"

#include <gtest/gtest.h>

#include "scenario/program.h"
#include "unit/scenario/bench_files.h"

namespace rig::scenario {
namespace {

using test::complaint_of;

constexpr const char* kSwitches = R"(bench: desk
switches:
  relays: {kind: lcus, usb: 1-1.4, channels: 4}
  board16: {kind: numato, port: /dev/ttyACM0, channels: 16}
  rail: {kind: command, on: [x], off: [x], state: [x]}
)";

std::string with(const std::string& boards) { return kSwitches + ("boards:\n" + boards); }

std::string complaint(const std::string& text) {
  return complaint_of([&] { static_cast<void>(parse_bench(text, "desk.yaml")); });
}

const char* const kBoard =
    "  a: {kind: serial, power: {board: [{switch: relays, channel: 1}]}, console: {port: "
    "/dev/x}}\n";

TEST(Bench, ReadsSwitchesBoardsAndTheirWiring) {
  const Bench bench =
      parse_bench(with("  a:\n"
                       "    kind: serial\n"
                       "    power:\n"
                       "      board: [{switch: relays, channel: 2, wiring: normally-closed}]\n"
                       "      modem: [{switch: board16, channel: 0}]\n"
                       "    sense: {board: {switch: rail}}\n"
                       "    silence: 400ms\n"
                       "    safe: on\n"
                       "    console: {port: 'port=1-1.1', baud: 9600, dtr: released}\n"),
                  "desk.yaml");
  const BenchBoard& board = board_named(bench, "");
  EXPECT_EQ(bench.name, "desk");
  EXPECT_EQ(board.name, "a");
  EXPECT_EQ(board.power.board.front(), (ChannelSpec{"relays", 2, true}));
  EXPECT_EQ(board.power.modem.front(), (ChannelSpec{"board16", 0, false}));
  EXPECT_EQ(board.power.board_sense->power_switch, "rail");
  EXPECT_EQ(board.power.silence, std::chrono::milliseconds(400));
  EXPECT_TRUE(board.power.safe_on);
  EXPECT_EQ(board.console.baud, 9600U);
  EXPECT_FALSE(board.console.dtr);
  EXPECT_TRUE(board.console.rts);
}

std::string linked(const std::string& link) {
  std::string text = with(kBoard);
  text.resize(text.size() - 2);
  return text + ", link: " + link + "}\n";
}

TEST(Bench, SaysHowABoardsPathIsShaped) {
  const auto packets = board_named(
      parse_bench(linked("{engine: packets, board_side: eth1, server_side: eth2}"), "desk.yaml"),
      "");
  EXPECT_EQ(packets.link->engine, LinkEngine::packets);
  EXPECT_EQ(packets.link->board_side, "eth1");
  EXPECT_EQ(packets.link->server_side, "eth2");
  const auto relay = board_named(
      parse_bench(linked("{engine: relay, mss: 536, forwards: [{listen: ':80', to: 'a.example:80'},"
                         " {listen: ':53', to: 'b.example:53', protocol: udp}]}"),
                  "desk.yaml"),
      "");
  EXPECT_EQ(relay.link->mss, 536);
  ASSERT_EQ(relay.link->forwards.size(), 2U);
  EXPECT_FALSE(relay.link->forwards[0].udp);
  EXPECT_EQ(relay.link->forwards[0].to, "a.example:80");
  EXPECT_TRUE(relay.link->forwards[1].udp);
}

TEST(Bench, RefusesAPathThatCannotBe) {
  EXPECT_NE(complaint(linked("{engine: packet}")).find("packets"), std::string::npos);
  EXPECT_NE(complaint(linked("{engine: packets, board_side: eth1}")).find("server_side: eth1"),
            std::string::npos);
  EXPECT_NE(
      complaint(linked("{engine: netem, board_side: e, server_side: e}")).find("a second time"),
      std::string::npos);
  EXPECT_NE(complaint(linked("{engine: relay, forwards: []}")).find("carries nothing"),
            std::string::npos);
  EXPECT_NE(complaint(linked("{engine: relay, board_side: e}")).find("forwards"),
            std::string::npos);
  EXPECT_NE(
      complaint(linked("{engine: relay, mss: 0, forwards: [{listen: a, to: b}]}")).find("65495"),
      std::string::npos);
}

std::string probed(const std::string& probe) {
  std::string text = with(kBoard);
  text.resize(text.size() - 2);
  return text + ", probe: " + probe + "}\n";
}

TEST(Bench, ReadsAProbe) {
  const Bench bench = parse_bench(
      probed("{openocd: {config: [interface/stlink.cfg, board.cfg], commands: [adapter speed 1000],"
             " program: /opt/openocd}, expect: {cpuid: 0x412FC230, idcode: 721421431, target: x}}"),
      "desk.yaml");
  const auto& probe = board_named(bench, "a").probe;
  ASSERT_TRUE(probe);
  EXPECT_EQ(probe->config, (std::vector<std::string>{"interface/stlink.cfg", "board.cfg"}));
  EXPECT_EQ(probe->commands, (std::vector<std::string>{"adapter speed 1000"}));
  EXPECT_EQ(probe->program, "/opt/openocd");
  EXPECT_EQ(probe->expect, (ExpectedChip{"x", 0x2B000477, 0x412FC230}));
  EXPECT_FALSE(board_named(parse_bench(with(kBoard), "desk.yaml"), "a").probe);
}

TEST(Bench, RefusesAProbeThatCannotBe) {
  EXPECT_NE(complaint(probed("{jlink: x}")).find("desk.yaml:7:"), std::string::npos);
  EXPECT_NE(complaint(probed("{}")).find("openocd: {config:"), std::string::npos);
  EXPECT_NE(complaint(probed("{openocd: {}}")).find("names adapter and target"), std::string::npos);
  EXPECT_NE(complaint(probed("{openocd: {configs: [a]}}")).find("Did you mean 'config'?"),
            std::string::npos);
  for (const char* cpuid : {"0x", "0x1ffffffff", "-1", "M3", "12z"}) {
    const std::string text = "{openocd: {config: [a]}, expect: {cpuid: ";
    EXPECT_NE(complaint(probed(text + cpuid + "}}")).find("is no 32-bit number"),
              std::string::npos);
  }
  EXPECT_NE(complaint(probed("{openocd: {config: [a]}, expect: {}}")).find("nothing is expected"),
            std::string::npos);
}

TEST(Bench, TheExampleFileIsGood) {
  const Bench bench =
      load_bench(std::filesystem::path(OTARIG_SOURCE_DIR) / "fixtures/benches/desk.yaml");
  EXPECT_EQ(bench.boards.size(), 2U);
  EXPECT_NE(complaint_of([&] { static_cast<void>(board_named(bench, "")); }).find("--board"),
            std::string::npos);
  EXPECT_NE(complaint_of([&] {
              static_cast<void>(board_named(bench, "trakcer-1"));
            }).find("Did you mean 'tracker-1'"),
            std::string::npos);
}

TEST(Bench, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(complaint(with("  a: {kind: serial, power: {board: [{switch: relay, channel: 1}]}, "
                           "console: {port: /dev/x}}\n"))
                .find("desk.yaml:7:46: this bench has no switch 'relay'"),
            0U);
  EXPECT_NE(complaint(with("  a: {kind: serial, power: {board: [{switch: relays, channel: 5}]}, "
                           "console: {port: /dev/x}}\n"))
                .find("from 1 to 4"),
            std::string::npos);
  EXPECT_NE(complaint(with("  a: {kind: serial, power: {board: [{switch: board16, channel: 16}]}, "
                           "console: {port: /dev/x}}\n"))
                .find("from 0 to 15"),
            std::string::npos);
  EXPECT_NE(complaint(with("  a: {kind: serial, pover: {}}\n")).find("unknown key 'pover'"),
            std::string::npos);
  EXPECT_NE(complaint("switches:\n  r: {kind: usbrelay, usb: 1-1}\nboards: {}\n").find("hid-relay"),
            std::string::npos);
  EXPECT_NE(complaint("switches:\n  r: {kind: lcus}\nboards: {}\n").find("which device"),
            std::string::npos);
}

TEST(Bench, RefusesAPortThatIsNamedTwice) {
  const std::string taken = "is named a second time";
  EXPECT_NE(complaint("switches:\n  a: {kind: lcus, usb: 1-1.4}\n  b: {kind: lcus, usb: 1-1.4}\n"
                      "boards: {}\n")
                .find("desk.yaml:3:24: 'port=1-1.4' " + taken),
            std::string::npos);
  EXPECT_NE(complaint(with("  a: {kind: serial, power: {board: [{switch: relays, channel: 1}]}, "
                           "console: {port: port=1-1.4}}\n"))
                .find(taken),
            std::string::npos);
  EXPECT_NE(complaint(with(std::string(kBoard) +
                           "  b: {kind: serial, power: {board: [{switch: relays, channel: 1}]}, "
                           "console: {port: /dev/y}}\n"))
                .find(taken),
            std::string::npos);
}

TEST(Bench, RefusesWhatCouldNeverProveACut) {
  EXPECT_NE(complaint(with("  a: {kind: serial, power: {board: [{switch: relays, channel: 1}]}, "
                           "silence: 3s, prove_within: 1s, console: {port: /dev/x}}\n"))
                .find("could ever be proven"),
            std::string::npos);
  EXPECT_NE(complaint(with("  a: {kind: serial, power: {board: [{switch: relays, channel: 1}]}, "
                           "console: {port: /dev/x, own_usb: true}}\n"))
                .find("sense"),
            std::string::npos);
}

TEST(Program, FillsItsWordsIn) {
  const std::vector<std::string> argv{"flash", "--user={user}", "{board}{board}", "{unknown}"};
  const std::vector<std::string> expected{"flash", "--user=2", "aa", "{unknown}"};
  EXPECT_EQ(filled_in(argv, {{"user", "2"}, {"board", "a"}}), expected);
}

}  // namespace
}  // namespace rig::scenario
