// Which port is meant: against a sysfs and a /dev of the test's own, laid out as the kernel does.

#include <gtest/gtest.h>

#include <fstream>

#include "base/rig_error.h"
#include "console/port_match.h"
#include "unit/console/fake_usb.h"

namespace rig::console {
namespace {

class Ports : public testing::Test {
 protected:
  // The reason why no port was chosen.
  std::string refusal(std::string_view match) {
    try {
      (void)choose_port(parse_port_match(match), list_ports(usb.roots()));
    } catch (const std::exception& error) {
      return error.what();
    }
    return {};
  }
  std::string chosen(std::string_view match) {
    const std::string node = choose_port(parse_port_match(match), list_ports(usb.roots())).node;
    return std::filesystem::path(node).filename();
  }

  FakeUsb usb;
};

TEST_F(Ports, AreDescribedFromSysfs) {
  usb.plug({.port = "1-2.3", .serial = "A9", .tty = "ttyUSB0"});
  usb.link("serial/by-id/usb-FTDI_A9-if00", "ttyUSB0");
  usb.link("serial/by-path/pci-usb-0:2.3:1.0", "ttyUSB0");
  const auto ports = list_ports(usb.roots());
  ASSERT_EQ(ports.size(), 1U);
  EXPECT_EQ(ports[0].usb_port, "1-2.3");
  EXPECT_EQ(ports[0].interface, 0);
  EXPECT_EQ(ports[0].vendor, 0x0403);
  EXPECT_EQ(ports[0].product, 0x6001);
  EXPECT_EQ(ports[0].serial, "A9");
  EXPECT_EQ(ports[0].description, "FTDI USB UART");
  EXPECT_TRUE(ports[0].by_id.ends_with("usb-FTDI_A9-if00"));
  EXPECT_TRUE(ports[0].by_path.ends_with("pci-usb-0:2.3:1.0"));
  EXPECT_TRUE(to_text(ports[0]).ends_with(
      "ttyUSB0: port=1-2.3 interface=0 usb=0403:6001 serial=A9 (FTDI USB UART)"));
}

TEST_F(Ports, ThatNobodyPluggedInAreNone) {
  EXPECT_TRUE(list_ports(usb.roots()).empty());
  EXPECT_NE(refusal("serial=A9").find("no serial port at all"), std::string::npos);
}

TEST_F(Ports, OffUsbAreThereAndMissingUartsAreNot) {
  usb.add_uart("ttyS0", "4");
  usb.add_uart("ttyS1", "0");
  const auto ports = list_ports(usb.roots());
  ASSERT_EQ(ports.size(), 1U);
  EXPECT_TRUE(ports[0].usb_port.empty());
  EXPECT_FALSE(same_again(ports[0]));
}

TEST_F(Ports, WithSerialNumbersOfGarbageAreShown) {
  usb.plug({.port = "1-1", .serial = "\xff\x01", .tty = "ttyUSB0"});
  EXPECT_EQ(list_ports(usb.roots()).at(0).serial, "\\xff\\x01");
}

TEST_F(Ports, AreChosenByPlaceInterfaceDeviceOrSerialNumber) {
  usb.plug({.port = "1-1", .serial = "A", .tty = "ttyUSB0"});
  usb.plug({.port = "1-1", .interface = "02", .serial = "A", .tty = "ttyUSB1"});
  usb.plug({.port = "2-1.4", .serial = "B", .tty = "ttyACM0", .vendor = "2b04", .product = "c00a"});
  EXPECT_EQ(chosen("port=2-1.4"), "ttyACM0");
  EXPECT_EQ(chosen("port=1-1 interface=2"), "ttyUSB1");
  EXPECT_EQ(chosen("interface=0,serial=A"), "ttyUSB0");
  EXPECT_EQ(chosen("serial=B"), "ttyACM0");
  EXPECT_EQ(chosen("usb=2b04:c00a"), "ttyACM0");
}

TEST_F(Ports, ThatMatchTogetherAreRefusedAndListed) {
  usb.plug({.port = "1-1", .serial = "0001", .tty = "ttyUSB0"});
  usb.plug({.port = "1-2", .serial = "0001", .tty = "ttyUSB1"});
  usb.plug({.port = "1-3", .serial = "0002", .tty = "ttyUSB2"});
  EXPECT_THROW((void)choose_port(parse_port_match("serial=0001"), list_ports(usb.roots())),
               base::UsageError);
  const std::string why = refusal("serial=0001");
  EXPECT_NE(why.find("matches 2 ports"), std::string::npos);
  EXPECT_NE(why.find("port=1-1"), std::string::npos);
  EXPECT_NE(why.find("port=1-2"), std::string::npos);
  EXPECT_EQ(why.find("port=1-3"), std::string::npos);
}

TEST_F(Ports, ThatAreNotThereAreRefusedWithThoseThatAre) {
  usb.plug({.port = "1-3", .serial = "0002", .tty = "ttyUSB2"});
  EXPECT_THROW((void)choose_port(parse_port_match("port=1-9"), list_ports(usb.roots())),
               base::RigError);
  EXPECT_NE(refusal("port=1-9").find("port=1-3"), std::string::npos);
}

TEST_F(Ports, AreFoundAgainUnderAnotherName) {
  usb.plug({.port = "1-1", .serial = "A", .tty = "ttyUSB0"});
  const auto again = same_again(list_ports(usb.roots()).at(0));
  ASSERT_TRUE(again);
  usb.unplug("1-1", "ttyUSB0");
  usb.plug({.port = "1-2", .serial = "A", .tty = "ttyUSB0"});
  usb.plug({.port = "1-1", .serial = "A", .tty = "ttyUSB1"});
  EXPECT_TRUE(choose_port(*again, list_ports(usb.roots())).node.ends_with("ttyUSB1"));
}

TEST(PortMatch, IsReadAndPrinted) {
  for (const char* text : {"/dev/serial/by-id/usb-x", "port=1-2.3", "interface=0", "usb=0403:6001",
                           "port=1-2.3 interface=1 usb=2b04:c00a serial=A9"}) {
    EXPECT_EQ(to_text(parse_port_match(text)), text);
  }
  EXPECT_EQ(parse_port_match(" port=1-2, serial=x "), parse_port_match("port=1-2 serial=x"));
}

TEST(PortMatch, ThatIsNoneIsRefused) {
  for (const char* text : {"", "  ", "ttyUSB0", "port=", "port=2", "port=x-1", "interface=a",
                           "usb=0403", "usb=0403:", "usb=zz:6001", "serial=", "name=x"}) {
    EXPECT_THROW((void)parse_port_match(text), base::UsageError) << text;
  }
}

// Whatever is plugged in here: it must not fail, and every port must find itself.
TEST(PortsOfThisMachine, CanBeListed) {
  for (const PortInfo& port : list_ports()) {
    if (const auto again = same_again(port)) {
      EXPECT_EQ(choose_port(*again, list_ports()).node, port.node);
    }
  }
}

}  // namespace
}  // namespace rig::console
