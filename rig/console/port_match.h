// Which serial port a bench means: by its place (USB port path, udev's by-path), by what the device
// says of itself (serial number, udev's by-id), or by its name. The place is what stays when serial
// numbers are missing or all the same. Pure.
//
// As text, in bench files and on the command line: a path ("/dev/serial/by-id/...", "/dev/ttyS0"),
// or keys separated by blanks or commas: port=1-2.3 interface=0 usb=0403:6001 serial=A9. Keys are
// what to_text(PortInfo) prints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/port_info.h"

namespace rig::console {

// What is empty matches anything.
struct PortMatch {
  std::string path{};  // then nothing else
  std::string usb_port{};
  std::optional<int> interface {};
  std::optional<std::uint16_t> vendor{};
  std::optional<std::uint16_t> product{};
  std::string serial{};

  bool operator==(const PortMatch&) const = default;
};

// Throws base::UsageError: an unknown key, a value that is none, nothing at all.
[[nodiscard]] PortMatch parse_port_match(std::string_view text);
[[nodiscard]] std::string to_text(const PortMatch& match);

// The one port that matches (a path is not looked up here). Throws base::UsageError when several
// do, naming them and what tells them apart; base::RigError (no_such_device) when none does, naming
// those there are.
[[nodiscard]] PortInfo choose_port(const PortMatch& match, const std::vector<PortInfo>& ports);

// The same device in the same place, whatever its name will be after it was plugged in again.
// Empty for a port that is not on USB: its name is all there is.
[[nodiscard]] std::optional<PortMatch> same_again(const PortInfo& port);

}  // namespace rig::console
