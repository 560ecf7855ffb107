// One opened USB device of libusb, for control requests. It claims no interface and detaches
// no driver: requests to the device or to a hub's port need neither, and whoever uses the device's
// other functions keeps them.
//
// Models UsbControl. Handles are disposable: after Fault::vanished open another.
#pragma once

#include <memory>
#include <string>

#include "power/switch_error.h"
#include "power/usb_address.h"
#include "power/usb_control.h"

struct libusb_context;
struct libusb_device_handle;

namespace rig::power {

class UsbDevice {
 public:
  // Opens the device at this bus and address. SwitchError: absent, no_permission, busy.
  UsbDevice(const UsbCandidate& candidate, std::string name);

  void send(const UsbRequest& request, base::ByteView data, Moment deadline);
  [[nodiscard]] base::Bytes ask(const UsbRequest& request, Moment deadline);

  // For what is not a control request; stays this object's.
  [[nodiscard]] libusb_device_handle* handle() const { return handle_.get(); }

 private:
  struct Exit {
    void operator()(libusb_context* context) const;
  };
  struct Close {
    void operator()(libusb_device_handle* handle) const;
  };
  // libusb ends a transfer by itself at its time limit; 0 would mean never.
  [[nodiscard]] int transfer(const UsbRequest& request, base::Bytes& data, Moment deadline);

  std::string name_;
  std::unique_ptr<libusb_context, Exit> context_;
  std::unique_ptr<libusb_device_handle, Close> handle_;
};

// The fault behind a libusb_error.
[[nodiscard]] Fault fault_of_libusb(int error);
// Throws it when `result` is one.
void check_usb(int result, const std::string& attempt);

}  // namespace rig::power
