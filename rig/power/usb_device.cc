#include "power/usb_device.h"

#include <libusb.h>

#include <algorithm>
#include <span>

#include "power/clock.h"

namespace rig::power {
namespace {

libusb_context* context() {
  libusb_context* opened = nullptr;
  check_usb(libusb_init(&opened), "start libusb");
  return opened;
}

struct DeviceList {
  explicit DeviceList(libusb_context* from) : count(libusb_get_device_list(from, &devices)) {}
  DeviceList(const DeviceList&) = delete;
  DeviceList& operator=(const DeviceList&) = delete;
  ~DeviceList() {
    if (count >= 0) libusb_free_device_list(devices, 1);
  }
  [[nodiscard]] std::span<libusb_device*> all() const {
    return {devices, static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }

  libusb_device** devices{nullptr};
  ssize_t count;
};

libusb_device_handle* opened(libusb_context* context, const UsbCandidate& candidate,
                             const std::string& attempt) {
  const DeviceList list(context);
  for (libusb_device* each : list.all()) {
    const bool meant = libusb_get_bus_number(each) == candidate.bus &&
                       libusb_get_device_address(each) == candidate.device;
    if (!meant) continue;
    libusb_device_handle* handle = nullptr;
    check_usb(libusb_open(each, &handle), attempt);
    return handle;
  }
  throw SwitchError(Fault::absent, attempt, describe(candidate));
}

}  // namespace

Fault fault_of_libusb(int error) {
  switch (error) {
    case LIBUSB_ERROR_NO_DEVICE:
      return Fault::vanished;
    case LIBUSB_ERROR_NOT_FOUND:
      return Fault::absent;
    case LIBUSB_ERROR_TIMEOUT:
      return Fault::no_answer;
    case LIBUSB_ERROR_PIPE:
      return Fault::refused;
    case LIBUSB_ERROR_ACCESS:
      return Fault::no_permission;
    case LIBUSB_ERROR_BUSY:
      return Fault::busy;
    default:
      return Fault::transfer;
  }
}

void check_usb(int result, const std::string& attempt) {
  if (result < 0) throw SwitchError(fault_of_libusb(result), attempt, libusb_strerror(result));
}

void UsbDevice::Exit::operator()(libusb_context* context) const { libusb_exit(context); }
void UsbDevice::Close::operator()(libusb_device_handle* handle) const { libusb_close(handle); }

UsbDevice::UsbDevice(const UsbCandidate& candidate, std::string name)
    : name_(std::move(name)),
      context_(context()),
      handle_(opened(context_.get(), candidate, "open " + name_)) {}

int UsbDevice::transfer(const UsbRequest& request, base::Bytes& data, Moment deadline) {
  const auto limit_ms = static_cast<unsigned>(std::max(milliseconds_left(deadline), 1));
  const int result = libusb_control_transfer(handle_.get(), request.type, request.request,
                                             request.value, request.index, data.data(),
                                             static_cast<std::uint16_t>(data.size()), limit_ms);
  check_usb(result, "control request to " + name_);
  return result;
}

void UsbDevice::send(const UsbRequest& request, base::ByteView data, Moment deadline) {
  base::Bytes copy(data.begin(), data.end());
  const int sent = transfer(request, copy, deadline);
  if (static_cast<std::size_t>(sent) != copy.size()) {
    throw SwitchError(Fault::transfer, "control request to " + name_, "cut short");
  }
}

base::Bytes UsbDevice::ask(const UsbRequest& request, Moment deadline) {
  base::Bytes answer(request.length);
  answer.resize(static_cast<std::size_t>(transfer(request, answer, deadline)));
  return answer;
}

}  // namespace rig::power
