#include "power/hub_port.h"

#include <gtest/gtest.h>

#include <map>

#include "expect_fault.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

struct FakeHub {
  std::uint8_t ports{4};
  std::uint8_t characteristics{1};  // switches each port
  HubSpeed speed{HubSpeed::usb2};
  std::map<int, bool> powered{{1, true}, {2, true}, {3, true}, {4, true}};
  bool ignores{false};
  bool mumbles{false};
};

class FakeHubHandle {
 public:
  explicit FakeHubHandle(FakeHub& hub) : hub_(&hub) {}

  void send(const UsbRequest& request, base::ByteView /*data*/, Moment /*deadline*/) {
    EXPECT_EQ(request.type, 0x23);
    EXPECT_EQ(request.value, 8);
    if (!hub_->ignores) hub_->powered[request.index] = request.request == 3;
  }
  base::Bytes ask(const UsbRequest& request, Moment /*deadline*/) {
    if (request.type == 0xA0) return descriptor(request);
    if (hub_->mumbles) return {1};
    base::Bytes status(4, 0);
    const int bit = hub_->speed == HubSpeed::usb2 ? 0x01 : 0x02;
    if (hub_->powered[request.index]) status[1] = static_cast<std::uint8_t>(bit);
    return status;
  }

 private:
  [[nodiscard]] base::Bytes descriptor(const UsbRequest& request) const {
    EXPECT_EQ(request.value, hub_->speed == HubSpeed::usb2 ? 0x2900 : 0x2A00);
    const auto kind = static_cast<std::uint8_t>(request.value >> 8);
    return {9, kind, hub_->ports, hub_->characteristics, 0, 50, 100, 0, 0xFF};
  }

  FakeHub* hub_;
};

using Port = HubPort<FakeHubHandle>;

class DualHub : public testing::Test {
 protected:
  Port port() {
    std::vector<Port::Half> halves{{FakeHubHandle(usb2_), HubSpeed::usb2, Channel{2}},
                                   {FakeHubHandle(usb3_), HubSpeed::usb3, Channel{3}}};
    return {std::move(halves), "hub 1-1 port 2", soon()};
  }

  FakeHub usb2_;
  FakeHub usb3_{.speed = HubSpeed::usb3};
};

TEST_F(DualHub, LosesThePowerOfBothHalves) {
  Port both = port();
  static_cast<void>(both.set(Channel{1}, Level::off, soon()));
  EXPECT_FALSE(usb2_.powered[2]);
  EXPECT_FALSE(usb3_.powered[3]);
  EXPECT_TRUE(usb2_.powered[3] && usb3_.powered[2]) << "other sockets keep theirs";
  EXPECT_EQ(both.read_back(soon())->at(Channel{1}), Level::off);
}

TEST_F(DualHub, IsOnWhileAnyHalfIs) {
  Port both = port();
  usb3_.ignores = true;
  static_cast<void>(both.set(Channel{1}, Level::off, soon()));
  EXPECT_EQ(both.read_back(soon())->at(Channel{1}), Level::on);
}

TEST_F(DualHub, WithOnePowerSwitchForAllPortsIsRefused) {
  for (const std::uint8_t characteristics : {0, 2, 3}) {
    usb3_.characteristics = characteristics;
    expect_fault(Fault::wrong_device, [&] { static_cast<void>(port()); });
  }
}

TEST_F(DualHub, WithoutThatPortIsAUsageError) {
  usb3_.ports = 2;
  EXPECT_NE(usage_error([&] { static_cast<void>(port()); }).find("channel 3 does not exist"),
            std::string::npos);
}

TEST_F(DualHub, ThatAnswersAShortStatusIsGarbled) {
  Port both = port();
  usb2_.mumbles = true;
  expect_fault(Fault::garbled, [&] { static_cast<void>(both.read_back(soon())); });
}

TEST(HubRequest, ReadsThePowerBitOfItsSpeed) {
  const base::Bytes usb2_on{0x03, 0x01, 0, 0};
  const base::Bytes usb3_on{0x03, 0x02, 0, 0};
  EXPECT_EQ(decode_port_power(usb2_on, HubSpeed::usb2), Level::on);
  EXPECT_EQ(decode_port_power(usb2_on, HubSpeed::usb3), Level::off);
  EXPECT_EQ(decode_port_power(usb3_on, HubSpeed::usb3), Level::on);
  EXPECT_FALSE(decode_port_power(base::Bytes{0, 1}, HubSpeed::usb2));
}

TEST(HubRequest, TakesNoOtherDescriptorForAHubs) {
  EXPECT_FALSE(decode_hub_descriptor(base::Bytes{9, 0x02, 4, 1, 0, 0, 0}));
  EXPECT_FALSE(decode_hub_descriptor(base::Bytes{9, 0x29}));
}

}  // namespace
}  // namespace rig::power
