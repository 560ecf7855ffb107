#include "power/usb_address.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "expect_fault.h"
#include "power/usb_tree.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;

UsbKind dct() {
  return {.name = "DCT relay", .ids = {{0x16C0, 0x05DF}}, .product_prefix = "USBRelay"};
}
UsbKind ch340() {
  return {.name = "LCUS relay",
          .ids = {{0x1A86, 0x7523}},
          .product_prefix = {},
          .says_who_it_is = false};
}

UsbCandidate board(const std::string& port, const std::string& serial) {
  UsbCandidate one;
  one.port_path = port;
  one.vendor_id = 0x16C0;
  one.product_id = 0x05DF;
  one.serial = serial;
  one.product = "USBRelay2";
  return one;
}

UsbCandidate converter(const std::string& port) {
  UsbCandidate one;
  one.port_path = port;
  one.vendor_id = 0x1A86;
  one.product_id = 0x7523;
  one.product = "USB Serial";
  return one;
}

const UsbCandidate& chosen(const std::vector<UsbCandidate>& all, const UsbKind& kind,
                           const UsbAddress& address) {
  return choose(all, kind, address);
}

TEST(UsbAddress, ByPortPathIsFoundWhateverItsSerialSays) {
  const std::vector all{board("1-1.1", "HURTM"), board("1-1.2", "HURTM")};
  EXPECT_EQ(chosen(all, dct(), {.port_path = "1-1.2", .serial = {}}).port_path, "1-1.2");
}

TEST(UsbAddress, ByPortPathAndSerialRefusesABoardThatWasExchanged) {
  const std::vector all{board("1-1.1", "AAAB1"), board("1-1.2", "AAAB2")};
  expect_fault(Fault::wrong_device, [&] {
    static_cast<void>(chosen(all, dct(), {.port_path = "1-1.1", .serial = "AAAB2"}));
  });
}

TEST(UsbAddress, AtAnEmptyPortIsAbsent) {
  const std::vector all{board("1-1.1", "AAAB1")};
  expect_fault(Fault::absent, [&] {
    static_cast<void>(chosen(all, dct(), {.port_path = "1-1.3", .serial = {}}));
  });
}

TEST(UsbAddress, NeverTakesAForeignDevice) {
  UsbCandidate mouse = board("1-1.1", "AAAB1");
  mouse.product = "Some other V-USB device";
  const std::vector all{mouse};
  expect_fault(Fault::wrong_device, [&] {
    static_cast<void>(chosen(all, dct(), {.port_path = "1-1.1", .serial = {}}));
  });
  expect_fault(Fault::absent, [&] { static_cast<void>(chosen(all, dct(), {})); });
}

TEST(UsbAddress, BySerialIsFound) {
  const std::vector all{board("1-1.1", "AAAB1"), board("1-1.2", "AAAB2")};
  EXPECT_EQ(chosen(all, dct(), {.port_path = {}, .serial = "AAAB2"}).port_path, "1-1.2");
}

TEST(UsbAddress, BySerialOfTwoBoardsIsRefusedWithBothListed) {
  const std::vector all{board("1-1.1", "AAAB1"), board("1-1.2", "AAAB1"), board("1-4", "OTHER")};
  const std::string error = usage_error(
      [&] { static_cast<void>(chosen(all, dct(), {.port_path = {}, .serial = "AAAB1"})); });
  EXPECT_NE(error.find("1-1.1 16c0:05df"), std::string::npos) << error;
  EXPECT_NE(error.find("1-1.2 16c0:05df"), std::string::npos) << error;
  EXPECT_EQ(error.find("1-4"), std::string::npos) << error;
}

TEST(UsbAddress, ByASerialThatSaysNothingIsRefused) {
  const std::vector all{board("1-1.1", "HURTM")};
  EXPECT_NE(usage_error([&] {
              static_cast<void>(chosen(all, dct(), {.port_path = {}, .serial = "HURTM"}));
            }).find("tells no board from another"),
            std::string::npos);
}

TEST(UsbAddress, WithoutAnyTakesTheOnlyBoardButNoneOfTwo) {
  EXPECT_EQ(chosen({board("1-2", "")}, dct(), {}).port_path, "1-2");
  const std::vector two{board("1-1.1", "AAAB1"), board("1-1.2", "AAAB2")};
  EXPECT_NE(usage_error([&] { static_cast<void>(chosen(two, dct(), {})); }).find("2 fit"),
            std::string::npos);
}

TEST(UsbAddress, WithoutAnyNeverTakesABareSerialConverter) {
  const std::vector all{converter("1-3")};
  EXPECT_NE(usage_error([&] { static_cast<void>(chosen(all, ch340(), {})); }).find("1-3"),
            std::string::npos);
  EXPECT_EQ(chosen(all, ch340(), {.port_path = "1-3", .serial = {}}).port_path, "1-3");
}

TEST(UsbSerial, IsSaneWhenItCanTellBoardsApart) {
  EXPECT_TRUE(is_sane_serial("BITFT"));
  EXPECT_TRUE(is_sane_serial("NUM0001"));
  for (const char* useless : {"", "0", "00000", "HURTM", "959BI", "QMBS", "A0001",
                              "AB\x01\xFF"
                              "C"}) {
    EXPECT_FALSE(is_sane_serial(useless)) << useless;
  }
}

TEST(UsbCandidate, IsDescribedWithoutItsControlCharacters) {
  EXPECT_EQ(describe(board("1-1", "A\x1b[2J")), "1-1 16c0:05df \"USBRelay2\" serial \"A?[2J\"");
}

class UsbTree : public testing::Test {
 protected:
  UsbTree() { fs::create_directories(devices()); }
  ~UsbTree() override { fs::remove_all(root_); }

  [[nodiscard]] fs::path devices() const { return root_ / "bus/usb/devices"; }

  void put(const fs::path& below, const std::string& text) const {
    fs::create_directories((devices() / below).parent_path());
    std::ofstream(devices() / below) << text << "\n";
  }
  void put_device(const std::string& port, const std::string& vendor, const std::string& product) {
    put(port + "/idVendor", vendor);
    put(port + "/idProduct", product);
    put(port + "/busnum", "1");
    put(port + "/devnum", "7");
  }

  fs::path root_{fs::temp_directory_path() / ("otarig-usb-" + std::to_string(getpid()))};
};

TEST_F(UsbTree, WithoutUsbIsEmpty) { EXPECT_TRUE(plugged_in(root_ / "none").empty()); }

TEST_F(UsbTree, ShowsDevicesAndTheirNodes) {
  put_device("1-1.4", "1a86", "7523");
  put("1-1.4/product", "USB Serial");
  fs::create_directories(devices() / "1-1.4/1-1.4:1.0/ttyUSB0/tty/ttyUSB0");
  put_device("1-1.2", "2a19", "0c01");
  put("1-1.2/serial", "NUM0001");
  fs::create_directories(devices() / "1-1.2/1-1.2:1.0/tty/ttyACM1");
  put_device("1-2", "04d8", "f2f7");
  fs::create_directories(devices() / "1-2/1-2:1.0/0003:04D8:F2F7.0001/hidraw/hidraw3");
  const auto all = plugged_in(root_);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].port_path, "1-1.2");
  EXPECT_EQ(all[0].serial, "NUM0001");
  EXPECT_EQ(node_of(all[0], "/dev/tty"), "/dev/ttyACM1");
  EXPECT_EQ(all[1].vendor_id, 0x1A86);
  EXPECT_EQ(all[1].bus, 1);
  EXPECT_EQ(all[1].device, 7);
  EXPECT_EQ(all[1].nodes, std::vector<std::string>{"/dev/ttyUSB0"});
  EXPECT_EQ(node_of(all[2], "/dev/hidraw"), "/dev/hidraw3");
}

TEST_F(UsbTree, WithoutADriverHasNoNode) {
  put_device("1-1.4", "1a86", "7523");
  fs::create_directories(devices() / "1-1.4/1-1.4:1.0");
  const auto all = plugged_in(root_);
  ASSERT_EQ(all.size(), 1U);
  expect_fault(Fault::absent, [&] { static_cast<void>(node_of(all[0], "/dev/tty")); });
}

TEST_F(UsbTree, SkipsWhatGoesAwayWhileItIsRead) {
  put_device("1-1.4", "1a86", "7523");
  fs::create_directories(devices() / "1-1.5");
  put_device("1-1.6", "", "");
  EXPECT_EQ(plugged_in(root_).size(), 1U);
}

}  // namespace
}  // namespace rig::power
