// What is plugged in becomes a bench file that the bench reader accepts.

#include "cli/discovery.h"

#include <gtest/gtest.h>

#include "scenario/bench.h"

namespace rig::cli {
namespace {

power::UsbCandidate device(const std::string& port, std::uint16_t vendor, std::uint16_t product,
                           const std::string& text = {}) {
  power::UsbCandidate candidate;
  candidate.port_path = port;
  candidate.vendor_id = vendor;
  candidate.product_id = product;
  candidate.product = text;
  return candidate;
}

console::PortInfo port(const std::string& node, const std::string& usb_port) {
  return {.node = node, .usb_port = usb_port, .interface = 0, .vendor = 0x0403, .product = 0x6001};
}

scenario::Bench read_back(const Plugged& plugged) {
  const std::string text = bench_text(draft_of(plugged));
  SCOPED_TRACE(text);
  return scenario::parse_bench(text, "discovered.yaml");
}

TEST(Discovery, DraftsABenchOfEverySwitchAndConsole) {
  const Plugged plugged{
      .usb = {device("1-1.1", 0x0403, 0x6001, "TTL232R"),
              device("1-1.2", 0x0403, 0x6001, "TTL232R"),
              device("1-1.4", 0x16C0, 0x05DF, "USBRelay2"), device("1-2", 0x2A19, 0x0C01),
              device("1-3", 0x04D8, 0xFFEE), device("1-4", 0x04D8, 0xF11B)},
      .ports = {port("/dev/ttyACM0", "1-2"), port("/dev/ttyACM1", "1-3"),
                port("/dev/ttyUSB0", "1-1.1"), port("/dev/ttyUSB1", "1-1.2")},
      .sockets = {{"1-1", power::Channel{1}}, {"1-1", power::Channel{2}}}};
  const scenario::Bench bench = read_back(plugged);
  ASSERT_EQ(bench.switches.size(), 4U);
  const auto& relay = bench.switches.at("hid-relay-1-1.4");
  EXPECT_EQ(relay.kind, scenario::SwitchKind::hid_relay);
  EXPECT_EQ(relay.usb, "1-1.4");
  EXPECT_EQ(relay.channels, 2);
  EXPECT_EQ(bench.switches.at("numato-1-2").first_channel, 0);
  EXPECT_EQ(bench.switches.at("ykush-1-4").kind, scenario::SwitchKind::ykush);
  // The relays' own serial ports are no consoles.
  ASSERT_EQ(bench.boards.size(), 2U);
  EXPECT_EQ(bench.boards.at("board-1").console.port, "port=1-1.1 interface=0 usb=0403:6001");
  EXPECT_EQ(bench.boards.at("board-1").power.board.front(),
            (scenario::ChannelSpec{"hid-relay-1-1.4", 1, false}));
  EXPECT_EQ(bench.boards.at("board-2").power.board.front(),
            (scenario::ChannelSpec{"hid-relay-1-1.4", 2, false}));
}

TEST(Discovery, LeavesToTheOwnerWhatABareConverterIs) {
  const Plugged plugged{.usb = {device("1-1", 0x1A86, 0x7523)},
                        .ports = {port("/dev/ttyUSB0", "1-1"), port("/dev/ttyS0", "")},
                        .sockets = {}};
  const Draft draft = draft_of(plugged);
  EXPECT_EQ(draft.unclear.size(), 1U);
  EXPECT_TRUE(draft.consoles.empty());
  const scenario::Bench bench = read_back(plugged);
  EXPECT_TRUE(bench.switches.empty());
  EXPECT_TRUE(bench.boards.empty());
}

TEST(Discovery, DraftsABenchOfNothingAndOfConsolesWithoutContacts) {
  EXPECT_TRUE(read_back({}).boards.empty());
  const Plugged plugged{.usb = {device("1-1", 0x0403, 0x6001)},
                        .ports = {port("/dev/ttyUSB0", "1-1")},
                        .sockets = {}};
  EXPECT_TRUE(read_back(plugged).boards.empty());
  EXPECT_NE(bench_text(draft_of(plugged)).find("#    console: {port: 'port=1-1 interface=0"),
            std::string::npos);
}

TEST(Discovery, FitsThisMachine) { static_cast<void>(read_back(plugged_into_this_machine())); }

}  // namespace
}  // namespace rig::cli
