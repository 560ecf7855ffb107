// A Devantech USB-RLY board on its serial port: the shell of usb_rly_bytes.h. A set is not
// acknowledged, so it asks for the states right behind it: the answer ends the interval, and one
// that never comes is a board that is not there.
#pragma once

#include "power/stream.h"
#include "power/usb_rly_bytes.h"

namespace rig::power {

inline constexpr int kUsbRlyBaud = 9600;  // any: the port is virtual

class UsbRly final : public PowerSwitch {
 public:
  UsbRly(Stream port, std::uint8_t channels);  // 1..8

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }
  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override;
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override;

 private:
  [[nodiscard]] Levels states(Moment deadline);

  Stream port_;
  SwitchTraits traits_;
};

}  // namespace rig::power
