#include "power/usb_tree.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>

#include "power/switch_error.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;

// A device that goes away while it is read leaves empty attributes, and is then no candidate.
std::string attribute(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

template <typename Number>
std::optional<Number> number(const std::string& text, int base) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, base);
  if (result.ec != std::errc{} || text.empty()) return {};
  return value;
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator each(folder, ignored), end; each != end; each.increment(ignored)) {
    found.push_back(each->path());
  }
  std::ranges::sort(found);
  return found;
}

bool is_named(const fs::path& path, std::string_view start) {
  return path.filename().native().starts_with(start);
}

// <interface>/ttyUSB0, <interface>/tty/ttyACM0, <interface>/<hid device>/hidraw/hidraw3
void collect_nodes(const fs::path& folder, int depth, std::vector<std::string>& nodes) {
  for (const fs::path& each : entries(folder)) {
    std::error_code ignored;
    if (is_named(each, "ep_") || is_named(each, "power")) continue;
    if (fs::is_symlink(each, ignored) || !fs::is_directory(each, ignored)) continue;
    const bool node = is_named(each, "ttyUSB") || is_named(each, "ttyACM") ||
                      (is_named(each, "hidraw") && each.filename() != "hidraw");
    if (node) nodes.push_back("/dev/" + each.filename().native());
    if (!node && depth > 0) collect_nodes(each, depth - 1, nodes);
  }
}

// Every port of a hub has a folder full of attributes, and none has a node: a bench with hubs has
// hundreds of them, and this is looked up whenever a switch is opened.
bool is_hub(const fs::path& device) { return attribute(device / "bDeviceClass") == "09"; }

std::vector<std::string> nodes_below(const fs::path& device) {
  constexpr int kDeepest = 2;
  std::vector<std::string> nodes;
  if (is_hub(device)) return nodes;
  const std::string interfaces = device.filename().native() + ":";
  for (const fs::path& each : entries(device)) {
    if (is_named(each, interfaces)) collect_nodes(each, kDeepest, nodes);
  }
  return nodes;
}

// " 3.20" -> 3
int major_version(const std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return number<int>(text.substr(begin), 10).value_or(2);
}

std::optional<UsbCandidate> candidate_at(const fs::path& device) {
  const auto vendor = number<std::uint16_t>(attribute(device / "idVendor"), 16);
  const auto product = number<std::uint16_t>(attribute(device / "idProduct"), 16);
  if (!vendor || !product) return {};
  return UsbCandidate{.port_path = device.filename(),
                      .vendor_id = *vendor,
                      .product_id = *product,
                      .usb_version = major_version(attribute(device / "version")),
                      .serial = attribute(device / "serial"),
                      .product = attribute(device / "product"),
                      .bus = number<int>(attribute(device / "busnum"), 10).value_or(0),
                      .device = number<int>(attribute(device / "devnum"), 10).value_or(0),
                      .nodes = nodes_below(device)};
}

}  // namespace

std::vector<UsbCandidate> plugged_in(const fs::path& sysfs) {
  std::vector<UsbCandidate> found;
  for (const fs::path& each : entries(sysfs / "bus/usb/devices")) {
    const bool is_interface = each.filename().native().find(':') != std::string::npos;
    if (is_interface) continue;
    if (auto candidate = candidate_at(each)) found.push_back(std::move(*candidate));
  }
  return found;
}

std::string node_of(const UsbCandidate& candidate, std::string_view kind) {
  for (const std::string& node : candidate.nodes) {
    if (node.starts_with(kind)) return node;
  }
  throw SwitchError(Fault::absent,
                    "find the " + std::string(kind) + " node of " + describe(candidate),
                    "no driver is bound to it, or brltty took it away");
}

}  // namespace rig::power
