#include "power/usb_reports.h"

#include <libusb.h>

#include <algorithm>

#include "power/clock.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

// The first interrupt endpoints, which is what every HID device with both has (Yepkit's own
// program uses the same numbers).
constexpr std::uint8_t kIn = 0x81;
constexpr std::uint8_t kOut = 0x01;
constexpr std::size_t kLongest = 64;

unsigned limit_of(Moment deadline) {
  return static_cast<unsigned>(std::max(milliseconds_left(deadline), 1));
}

}  // namespace

UsbReports::UsbReports(const UsbCandidate& candidate, const std::string& name)
    : device_(candidate, name), name_(name) {
  check_usb(libusb_claim_interface(device_.handle(), 0), "claim " + name_);
}

void UsbReports::write(base::ByteView report, Moment deadline) {
  base::Bytes bytes(report.begin() + 1, report.end());
  int sent = 0;
  const int length = static_cast<int>(bytes.size());
  check_usb(libusb_interrupt_transfer(device_.handle(), kOut, bytes.data(), length, &sent,
                                      limit_of(deadline)),
            "write to " + name_);
  if (sent != length) throw SwitchError(Fault::transfer, "write to " + name_, "cut short");
}

base::Bytes UsbReports::read_some(Moment deadline) {
  base::Bytes bytes(kLongest);
  int got = 0;
  const int result = libusb_interrupt_transfer(
      device_.handle(), kIn, bytes.data(), static_cast<int>(kLongest), &got, limit_of(deadline));
  if (result != LIBUSB_ERROR_TIMEOUT) check_usb(result, "read from " + name_);
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

bool UsbReports::discard_input() {
  bool some = false;
  // A device that never stops must not hold up its worker for ever.
  for (int i = 0; i < 16 && !read_some(now() + 1ms).empty(); ++i) some = true;
  return some;
}

}  // namespace rig::power
