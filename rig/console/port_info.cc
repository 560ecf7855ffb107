#include "console/port_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "io/printable.h"

namespace rig::console {
namespace {

namespace fs = std::filesystem;

// One line of a sysfs attribute; empty when there is none. Foreign text: serial numbers of relays
// and adapters have been seen with anything in them.
std::string attribute(const fs::path& folder, const char* name) {
  std::ifstream file(folder / name);
  std::string text;
  std::getline(file, text);
  while (text.ends_with(' ')) text.pop_back();
  return io::printable(text);
}

template <typename Number>
std::optional<Number> hexadecimal(const std::string& text) {
  constexpr int kHexadecimal = 16;
  Number number{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number, kHexadecimal);
  return result.ec == std::errc() && result.ptr == end ? std::optional(number) : std::nullopt;
}

void add_usb(const fs::path& device, PortInfo& port) {
  port.usb_port = device.filename();
  port.vendor = hexadecimal<std::uint16_t>(attribute(device, "idVendor"));
  port.product = hexadecimal<std::uint16_t>(attribute(device, "idProduct"));
  port.serial = attribute(device, "serial");
  port.description = attribute(device, "manufacturer");
  const std::string product = attribute(device, "product");
  if (!port.description.empty() && !product.empty()) port.description += ' ';
  port.description += product;
}

// From the port upwards: its interface, then its device. Hubs further up are devices as well.
void add_usb_of(fs::path folder, PortInfo& port) {
  std::error_code error;
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    if (!port.interface && fs::exists(folder / "bInterfaceNumber", error)) {
      port.interface = hexadecimal<int>(attribute(folder, "bInterfaceNumber"));
    }
    if (fs::exists(folder / "idVendor", error)) return add_usb(folder, port);
  }
}

// The name of the link in `folder` that leads to `node`.
std::string link_to(const fs::path& node, const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error)) {
    std::error_code dangling;
    if (fs::weakly_canonical(each->path(), dangling) == node) return each->path();
  }
  return {};
}

// A UART the kernel would have driven had it been there ("type" 0).
bool is_missing_uart(const fs::path& tty) { return attribute(tty, "type") == "0"; }

}  // namespace

PortInfo describe_port(const std::string& node, const PortRoots& roots) {
  PortInfo port{.node = node};
  const fs::path tty = fs::path(roots.sys) / "class/tty" / fs::path(node).filename();
  std::error_code error;
  const fs::path device = fs::canonical(tty / "device", error);
  if (error) return port;
  add_usb_of(device, port);
  const fs::path real = fs::weakly_canonical(node, error);
  port.by_id = link_to(real, fs::path(roots.dev) / "serial/by-id");
  port.by_path = link_to(real, fs::path(roots.dev) / "serial/by-path");
  return port;
}

std::vector<PortInfo> list_ports(const PortRoots& roots) {
  std::vector<PortInfo> ports;
  std::error_code error;
  for (fs::directory_iterator each(fs::path(roots.sys) / "class/tty", error), end;
       !error && each != end; each.increment(error)) {
    std::error_code gone;
    if (!fs::exists(each->path() / "device", gone) || is_missing_uart(each->path())) continue;
    ports.push_back(describe_port(fs::path(roots.dev) / each->path().filename(), roots));
  }
  std::ranges::sort(ports, {}, &PortInfo::node);
  return ports;
}

std::string to_text(const PortInfo& port) {
  std::string text = port.node + ":";
  if (!port.usb_port.empty()) text += " port=" + port.usb_port;
  if (port.interface) text += fmt::format(" interface={}", *port.interface);
  if (port.vendor && port.product)
    text += fmt::format(" usb={:04x}:{:04x}", *port.vendor, *port.product);
  if (!port.serial.empty()) text += " serial=" + port.serial;
  if (!port.description.empty()) text += " (" + port.description + ")";
  if (port.usb_port.empty()) text += " not on USB";
  return text;
}

}  // namespace rig::console
