#include "power/usb_kinds.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "power/hid_relay_report.h"
#include "power/usb_switches.h"
#include "power/ykush_report.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;

// ".../2-1-port3" -> hub 2-1, port 3
std::optional<HubSocket> socket_of(const fs::path& folder) {
  constexpr std::string_view kPort = "-port";
  const std::string name = folder.filename();
  const std::size_t at = name.rfind(kPort);
  if (at == std::string::npos) return {};
  HubSocket socket{.hub = name.substr(0, at), .port = {}};
  const char* begin = name.data() + at + kPort.size();
  const char* end = name.data() + name.size();
  const auto result = std::from_chars(begin, end, socket.port.number);
  if (result.ec != std::errc{} || result.ptr != end) return {};
  return socket;
}

using Kind = RecognisedSwitch::Kind;

constexpr std::uint16_t kCh340Vendor = 0x1A86;

std::optional<std::uint8_t> channels_of(Kind kind, const UsbCandidate& candidate) {
  if (kind == Kind::hid_relay) return hid_relay_channels(candidate.product);
  if (kind != Kind::ykush) return std::nullopt;
  const auto* const model =
      std::ranges::find(kYkushModels, candidate.product_id, &YkushModel::product_id);
  return model == std::end(kYkushModels) ? std::nullopt : std::optional(model->ports);
}

}  // namespace

UsbKind dct_kind() {
  return {.name = "DCT relay", .ids = {{0x16C0, 0x05DF}}, .product_prefix = "USBRelay"};
}

// CH340, and the other converters that such boards are sold with: chips of a million other things.
UsbKind lcus_kind() {
  return {.name = "LCUS relay",
          .ids = {{kCh340Vendor, 0x7523}, {0x0403, 0x6001}, {0x10C4, 0xEA60}},
          .product_prefix = {},
          .says_who_it_is = false};
}

UsbKind numato_kind() {
  return {.name = "Numato relay", .ids = {{0x2A19, 0}}, .product_prefix = {}};
}

UsbKind usb_rly_kind() {
  return {.name = "USB-RLY relay", .ids = {{0x04D8, 0xFFEE}}, .product_prefix = {}};
}

UsbKind ykush_kind() {
  UsbKind kind{.name = "YKUSH hub", .ids = {}, .product_prefix = {}};
  for (const YkushModel& model : kYkushModels) kind.ids.push_back({kYkushVendor, model.product_id});
  return kind;
}

std::optional<RecognisedSwitch> recognised(const UsbCandidate& candidate) {
  const std::array kinds{std::pair{Kind::hid_relay, dct_kind()}, std::pair{Kind::lcus, lcus_kind()},
                         std::pair{Kind::numato, numato_kind()},
                         std::pair{Kind::usb_rly, usb_rly_kind()},
                         std::pair{Kind::ykush, ykush_kind()}};
  for (const auto& [kind, looks] : kinds) {
    if (!is_kind(looks, candidate)) continue;
    // The other converters are far more often somebody's console than a relay.
    if (kind == Kind::lcus && candidate.vendor_id != kCh340Vendor) continue;
    return RecognisedSwitch{
        .kind = kind, .certain = looks.says_who_it_is, .channels = channels_of(kind, candidate)};
  }
  return std::nullopt;
}

std::vector<HubSocket> halves_of(const HubSocket& socket, const fs::path& sysfs) {
  std::vector<HubSocket> halves{socket};
  std::error_code no_peer;
  const fs::path peer = fs::read_symlink(port_folder(socket, sysfs) / "peer", no_peer);
  if (const auto other = socket_of(peer)) halves.push_back(*other);
  return halves;
}

std::vector<HubSocket> switchable_sockets(const fs::path& sysfs) {
  std::vector<HubSocket> sockets;
  std::set<std::pair<std::string, Channel>> known;
  std::error_code none;
  for (const fs::path& device : fs::directory_iterator(sysfs / "bus/usb/devices", none)) {
    const std::string hub = device.filename();
    if (hub.find(':') != std::string::npos) continue;  // an interface
    const fs::path interface = port_folder({.hub = hub, .port = {}}, sysfs).parent_path();
    std::error_code no_hub;
    for (const fs::path& port : fs::directory_iterator(interface, no_hub)) {
      const auto socket = socket_of(port);
      if (!socket || !fs::exists(port / "disable")) continue;
      if (known.contains({socket->hub, socket->port})) continue;
      for (const HubSocket& half : halves_of(*socket, sysfs)) known.insert({half.hub, half.port});
      sockets.push_back(*socket);
    }
  }
  std::ranges::sort(sockets, {},
                    [](const HubSocket& each) { return std::pair(each.hub, each.port); });
  return sockets;
}

}  // namespace rig::power
