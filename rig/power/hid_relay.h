// A DCT Tech USB HID relay board behind any UsbControl: the libusb shell of hid_relay_report.h.
//
// Requests go to the device, not to its interface, so the kernel's HID driver stays bound and no
// other user of the board is disturbed (usb-relay-hid, doc/hidrelay.md). A transfer that fails on
// the bus is tried once more within the deadline: setting a relay twice is setting it once, and
// such errors are mostly transient. A time-out is not: there is nothing left to try in.
#pragma once

#include <utility>

#include "power/clock.h"
#include "power/hid_relay_report.h"
#include "power/switch_error.h"
#include "power/usb_control.h"

namespace rig::power {

template <UsbControl Device>
class HidRelay final : public PowerSwitch {
 public:
  // `name` as in SwitchTraits; `channels` from hid_relay_channels().
  HidRelay(Device device, std::string name, std::uint8_t channels)
      : device_(std::move(device)),
        traits_{.name = std::move(name),
                .channels = channels,
                .reads_back = true,
                .contact_time = kRelayContactTime,
                .rated_cycles = kRelayRatedCycles} {}

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }

  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override {
    check_channel(traits_, channel);
    const HidReport report = encode_hid_set(channel, level);
    const Moment begin = now();
    const int attempts = send(report, deadline);
    return {.not_before = begin, .not_after = now() + kRelayContactTime, .attempts = attempts};
  }

  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override {
    return state(deadline).levels;
  }

  // The serial number as stored, which may be blank, unprintable or shared with other boards.
  [[nodiscard]] HidRelayState state(Moment deadline) {
    const base::Bytes answer = device_.ask(kGetFeature, deadline);
    const auto state = decode_hid_state(answer, traits_.channels);
    if (!state) throw SwitchError(Fault::garbled, "read the state of " + traits_.name);
    return *state;
  }

 private:
  // HID 1.11, section 7.2: SET_REPORT and GET_REPORT of feature report 0, recipient device.
  static constexpr UsbRequest kSetFeature{.type = 0x20, .request = 0x09, .value = 0x0300};
  static constexpr UsbRequest kGetFeature{
      .type = 0xA0, .request = 0x01, .value = 0x0300, .length = kHidReportBytes};

  [[nodiscard]] int send(const HidReport& report, Moment deadline) {
    try {
      device_.send(kSetFeature, report, deadline);
      return 1;
    } catch (const SwitchError& error) {
      const bool worth_another =
          error.fault() == Fault::refused || error.fault() == Fault::transfer;
      if (!worth_another || now() >= deadline) throw;
    }
    device_.send(kSetFeature, report, deadline);
    return 2;
  }

  Device device_;
  SwitchTraits traits_;
};

}  // namespace rig::power
