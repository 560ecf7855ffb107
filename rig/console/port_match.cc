#include "console/port_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/rig_error.h"

namespace rig::console {
namespace {

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw base::UsageError(fmt::format(
      "serial port \"{}\": {}; write a path (/dev/serial/by-path/...) or keys: port=1-2.3 "
      "interface=0 usb=0403:6001 serial=A9",
      text, why));
}

template <typename Number>
std::optional<Number> number_of(std::string_view text, int base) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number, base);
  return result.ec == std::errc() && result.ptr == end ? std::optional(number) : std::nullopt;
}

constexpr int kDecimal = 10;
constexpr int kHexadecimal = 16;

bool is_usb_port(std::string_view text) {
  const std::size_t dash = text.find('-');
  return dash != 0 && dash != std::string_view::npos && dash + 1 < text.size() &&
         text.find_first_not_of("0123456789-.") == std::string_view::npos;
}

// Whether the value is one.
bool set_usb_id(PortMatch& match, std::string_view value) {
  const std::size_t colon = value.find(':');
  if (colon == std::string_view::npos) return false;
  match.vendor = number_of<std::uint16_t>(value.substr(0, colon), kHexadecimal);
  match.product = number_of<std::uint16_t>(value.substr(colon + 1), kHexadecimal);
  return match.vendor && match.product;
}

// Whether the key is known and the value is one.
bool set(PortMatch& match, std::string_view key, std::string_view value) {
  if (key == "port") {
    match.usb_port = value;
    return is_usb_port(value);
  }
  if (key == "interface") {
    match.interface = number_of<int>(value, kDecimal);
    return match.interface.has_value();
  }
  if (key == "usb") return set_usb_id(match, value);
  match.serial = value;
  return key == "serial" && !value.empty();
}

template <typename Value>
bool agrees(const std::optional<Value>& wanted, const std::optional<Value>& is) {
  return !wanted || wanted == is;
}

bool agrees(const std::string& wanted, const std::string& is) {
  return wanted.empty() || wanted == is;
}

bool matches(const PortMatch& match, const PortInfo& port) {
  return agrees(match.usb_port, port.usb_port) && agrees(match.interface, port.interface) &&
         agrees(match.vendor, port.vendor) && agrees(match.product, port.product) &&
         agrees(match.serial, port.serial);
}

std::string listed(const std::vector<PortInfo>& ports) {
  std::string text;
  for (const PortInfo& port : ports) text += "\n  " + to_text(port);
  return text;
}

}  // namespace

PortMatch parse_port_match(std::string_view text) {
  PortMatch match;
  if (text.starts_with('/')) {
    match.path = text;
    return match;
  }
  constexpr std::string_view kBetween = " ,\t";
  for (std::string_view rest = text; rest.find_first_not_of(kBetween) != std::string_view::npos;) {
    rest.remove_prefix(rest.find_first_not_of(kBetween));
    const std::string_view word = rest.substr(0, rest.find_first_of(kBetween));
    const std::size_t sign = word.find('=');
    if (sign == std::string_view::npos || !set(match, word.substr(0, sign), word.substr(sign + 1)))
      refuse(text, fmt::format("\"{}\" is not understood", word));
    rest.remove_prefix(word.size());
  }
  if (match == PortMatch{}) refuse(text, "it says nothing");
  return match;
}

std::string to_text(const PortMatch& match) {
  if (!match.path.empty()) return match.path;
  std::string text;
  const auto add = [&text](const std::string& word) { text += (text.empty() ? "" : " ") + word; };
  if (!match.usb_port.empty()) add("port=" + match.usb_port);
  if (match.interface) add(fmt::format("interface={}", *match.interface));
  if (match.vendor && match.product)
    add(fmt::format("usb={:04x}:{:04x}", *match.vendor, *match.product));
  if (!match.serial.empty()) add("serial=" + match.serial);
  return text;
}

PortInfo choose_port(const PortMatch& match, const std::vector<PortInfo>& ports) {
  std::vector<PortInfo> found;
  std::ranges::copy_if(ports, std::back_inserter(found),
                       [&](const PortInfo& port) { return matches(match, port); });
  if (found.size() == 1) return found.front();
  if (!found.empty()) {
    throw base::UsageError(fmt::format(
        "serial port \"{}\" matches {} ports; add port= (and interface=) of one of them:{}",
        to_text(match), found.size(), listed(found)));
  }
  throw base::RigError(
      std::make_error_code(std::errc::no_such_device),
      fmt::format("find serial port \"{}\"", to_text(match)),
      ports.empty() ? "there is no serial port at all" : "there are:" + listed(ports));
}

std::optional<PortMatch> same_again(const PortInfo& port) {
  if (port.usb_port.empty()) return std::nullopt;
  return PortMatch{.path = {},
                   .usb_port = port.usb_port,
                   .interface = port.interface,
                   .vendor = port.vendor,
                   .product = port.product,
                   .serial = port.serial};
}

}  // namespace rig::console
