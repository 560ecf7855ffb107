#include "power/hid_relay.h"

#include <gtest/gtest.h>

#include "expect_fault.h"
#include "fake_usb.h"
#include "power/usb_device.h"
#include "power/verify.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

class HidBoard : public testing::Test {
 protected:
  FakeHidBoard board_;
  HidRelay<FakeHidHandle> relay_{FakeHidHandle(board_), "test relay", 4};
};

TEST(HidReport, HasOneByteForOnOrOffAndOneForTheChannel) {
  EXPECT_EQ(encode_hid_set(Channel{1}, Level::on), (HidReport{0xFF, 1}));
  EXPECT_EQ(encode_hid_set(Channel{8}, Level::off), (HidReport{0xFD, 8}));
}

TEST(HidReport, TellsSerialAndRelays) {
  const base::Bytes report{'B', 'I', 'T', 'F', 'T', 0, 0, 0x05};
  const auto state = decode_hid_state(report, 4);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->serial, "BITFT");
  EXPECT_EQ(state->levels.at(Channel{1}), Level::on);
  EXPECT_EQ(state->levels.at(Channel{2}), Level::off);
  EXPECT_EQ(state->levels.at(Channel{3}), Level::on);
}

// Some host libraries hand back a report id before the data: one byte too many, all off by one.
TEST(HidReport, WithAReportIdBeforeItIsNone) {
  const base::Bytes report{1, 'B', 'I', 'T', 'F', 'T', 0, 0, 0x05};
  EXPECT_FALSE(decode_hid_state(report, 4));
  EXPECT_FALSE(decode_hid_state(base::ByteView(report).first(8), 4));
}

TEST(HidReport, OfARelayThatIsNotThereIsNone) {
  const base::Bytes report{'B', 'I', 'T', 'F', 'T', 0, 0, 0x04};
  EXPECT_FALSE(decode_hid_state(report, 2));
  EXPECT_TRUE(decode_hid_state(report, 3));
}

TEST(HidReport, ProductStringsSayHowManyRelays) {
  EXPECT_EQ(hid_relay_channels("USBRelay1"), 1);
  EXPECT_EQ(hid_relay_channels("USBRelay8"), 8);
  for (const char* other : {"USBRelay", "USBRelay9", "USBRelay0", "USBRelay16", "HIDRelay", ""}) {
    EXPECT_FALSE(hid_relay_channels(other)) << other;
  }
}

TEST_F(HidBoard, IsAskedAsADeviceSoThatNoDriverIsDetached) {
  static_cast<void>(relay_.set(Channel{2}, Level::on, soon()));
  static_cast<void>(relay_.read_back(soon()));
  ASSERT_EQ(board_.requests.size(), 2U);
  EXPECT_EQ(board_.requests[0], (UsbRequest{.type = 0x20, .request = 9, .value = 0x0300}));
  EXPECT_EQ(board_.requests[1],
            (UsbRequest{.type = 0xA0, .request = 1, .value = 0x0300, .index = 0, .length = 8}));
}

TEST_F(HidBoard, SwitchesAndReadsBack) {
  const Moment before = now();
  const Switched switched = relay_.set(Channel{3}, Level::on, soon());
  EXPECT_GE(switched.not_before, before);
  EXPECT_GE(switched.not_after - switched.not_before, kRelayContactTime);
  EXPECT_EQ(switched.attempts, 1);
  EXPECT_EQ(relay_.read_back(soon())->at(Channel{3}), Level::on);
  EXPECT_EQ(board_.bitmap, 0b100U);
}

TEST_F(HidBoard, RefusesAChannelItDoesNotHave) {
  EXPECT_NE(usage_error([&] {
              static_cast<void>(relay_.set(Channel{5}, Level::on, soon()));
            }).find("channel 5 does not exist; it has 1 to 4"),
            std::string::npos);
  EXPECT_TRUE(board_.requests.empty());
}

TEST_F(HidBoard, IsTriedTwiceAfterABusErrorAndTheIntervalSaysSo) {
  for (const Fault fault : {Fault::refused, Fault::transfer}) {
    board_.send_faults = {fault};
    const Moment before = now();
    const Switched switched = relay_.set(Channel{1}, Level::on, soon());
    EXPECT_EQ(switched.attempts, 2);
    EXPECT_LE(switched.not_before - before, 1s);
  }
}

TEST_F(HidBoard, ThatStallsTwiceHasRefused) {
  board_.send_faults = {Fault::refused, Fault::refused};
  expect_fault(Fault::refused,
               [&] { static_cast<void>(relay_.set(Channel{1}, Level::on, soon())); });
  EXPECT_EQ(board_.bitmap, 0U);
  EXPECT_FALSE(may_have_switched(Fault::refused));
}

TEST_F(HidBoard, ThatDoesNotAnswerMayHaveSwitched) {
  board_.send_faults = {Fault::no_answer};
  expect_fault(Fault::no_answer,
               [&] { static_cast<void>(relay_.set(Channel{1}, Level::on, soon())); });
  EXPECT_EQ(board_.requests.size(), 1U) << "a time-out is not tried again";
  EXPECT_TRUE(may_have_switched(Fault::no_answer));
}

TEST_F(HidBoard, ThatIsPulledInTheMiddleHasVanished) {
  board_.send_faults = {Fault::vanished};
  expect_fault(Fault::vanished,
               [&] { static_cast<void>(relay_.set(Channel{1}, Level::on, soon())); });
}

TEST_F(HidBoard, ThatStallsWhenReadIsAnErrorNotAnOff) {
  board_.ask_fault = Fault::refused;
  expect_fault(Fault::refused, [&] { static_cast<void>(relay_.read_back(soon())); });
}

TEST_F(HidBoard, ThatAnswersGarbageIsGarbled) {
  for (const base::Bytes& garbage : {base::Bytes{}, base::Bytes(8, 0xFF), base::Bytes(7, 0)}) {
    board_.says_instead = garbage;
    expect_fault(Fault::garbled, [&] { static_cast<void>(relay_.read_back(soon())); });
  }
}

TEST_F(HidBoard, ThatAcknowledgesAndDoesNothingIsStuck) {
  board_.stuck = true;
  expect_fault(Fault::stuck, [&] {
    static_cast<void>(set_and_verify(relay_, {Channel{1}, Level::on}, soon()));
  });
}

TEST_F(HidBoard, ThatMovesAnotherContactIsSwapped) {
  board_.swap = 2;
  const auto before = relay_.read_back(soon());
  expect_fault(Fault::swapped, [&] {
    static_cast<void>(set_and_verify(relay_, {Channel{1}, Level::on}, soon(), before));
  });
}

TEST_F(HidBoard, ThatObeysIsVerified) {
  const auto before = relay_.read_back(soon());
  const Verified verified = set_and_verify(relay_, {Channel{4}, Level::on}, soon(), before);
  ASSERT_TRUE(verified.after);
  EXPECT_EQ(verified.after->bits(), 0b10000U);
}

TEST(UsbFaults, FollowLibusb) {
  EXPECT_EQ(fault_of_libusb(-9), Fault::refused);    // LIBUSB_ERROR_PIPE: STALL
  EXPECT_EQ(fault_of_libusb(-7), Fault::no_answer);  // LIBUSB_ERROR_TIMEOUT
  EXPECT_EQ(fault_of_libusb(-4), Fault::vanished);   // LIBUSB_ERROR_NO_DEVICE
  EXPECT_EQ(fault_of_libusb(-3), Fault::no_permission);
  EXPECT_EQ(fault_of_libusb(-6), Fault::busy);
  EXPECT_EQ(fault_of_libusb(-1), Fault::transfer);  // LIBUSB_ERROR_IO: EPROTO
}

TEST(UsbDevice, ThatIsNotPluggedInIsAbsentOrUsbIs) {
  try {
    UsbCandidate nowhere;
    nowhere.bus = 9;
    nowhere.device = 99;
    const UsbDevice device(nowhere, "test relay");
    ADD_FAILURE() << "opened a device that cannot be there";
  } catch (const SwitchError& error) {
    EXPECT_TRUE(error.fault() == Fault::absent || error.fault() == Fault::transfer) << error.what();
  }
}

}  // namespace
}  // namespace rig::power
