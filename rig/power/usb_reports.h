// The reports of a HID device whose interface no driver of the kernel takes, over libusb: the
// kernel leaves some products alone on purpose (drivers/hid/hid-quirks.c, hid_ignore_list: the
// YKUSH), and they have no hidraw node. Claims interface 0 while it lives; detaches nothing.
//
// Models ReportPipe (power/ykush.h). Handles are disposable: after Fault::vanished open another.
#pragma once

#include <string>

#include "power/usb_device.h"

namespace rig::power {

class UsbReports {
 public:
  // SwitchError: absent, no_permission, busy (another program holds the interface).
  UsbReports(const UsbCandidate& candidate, const std::string& name);
  // The interface goes with the handle.
  UsbReports(UsbReports&&) = default;

  // As hidraw takes it: the report id, 0, goes before and not over the wire.
  void write(base::ByteView report, Moment deadline);
  // Nothing when the deadline passes first.
  [[nodiscard]] base::Bytes read_some(Moment deadline);
  // Drops what the device had to say; true when there was something.
  bool discard_input();

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  UsbDevice device_;
  std::string name_;
};

}  // namespace rig::power
