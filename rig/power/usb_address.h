// Which USB device a bench means: by the port it is plugged into, or by a serial number that
// deserves the name. Pure: candidates in, one of them out. It guesses nothing, because generic
// chips carry the same VID:PID in relays, radios and debug probes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rig::power {

// What the kernel says about one plugged-in device.
struct UsbCandidate {
  std::string port_path;  // as in sysfs: "1-1.4" is bus 1, port 1, port 4 of the hub there
  std::uint16_t vendor_id{};
  std::uint16_t product_id{};
  int usb_version{2};  // 3 for a SuperSpeed device
  std::string serial;
  std::string product;
  int bus{};  // with `device`, the node /dev/bus/usb/BUS/DEVICE
  int device{};
  std::vector<std::string> nodes;  // "/dev/ttyUSB0", "/dev/hidraw3"
};

// Either may be empty. A port path decides; a serial number given with it must agree.
struct UsbAddress {
  std::string port_path;
  std::string serial;
};

struct UsbId {
  std::uint16_t vendor_id{};
  std::uint16_t product_id{};  // 0 = any of this vendor
};

// One kind of switch as it shows on the bus.
struct UsbKind {
  std::string name;  // "DCT relay"
  std::vector<UsbId> ids;
  std::string product_prefix;  // of the product string; empty = any
  bool says_who_it_is{true};   // false: a bare serial converter, never chosen without an address
};

// Printable, at least three letters, not all alike, and none of those that whole production runs
// share.
[[nodiscard]] bool is_sane_serial(std::string_view serial);

// "1-1.4 16c0:05df "USBRelay2" serial "ABCDE""
[[nodiscard]] std::string describe(const UsbCandidate& candidate);

// Its ids, and the product string where the kind has one.
[[nodiscard]] bool is_kind(const UsbKind& kind, const UsbCandidate& candidate);

// The one that is meant. SwitchError(absent) when there is none, (wrong_device) when something else
// sits at the port or the serial number disagrees; base::UsageError when several fit, or when the
// address is too weak for this kind. The candidates are listed in each.
[[nodiscard]] const UsbCandidate& choose(std::span<const UsbCandidate> plugged_in,
                                         const UsbKind& kind, const UsbAddress& address);

}  // namespace rig::power
