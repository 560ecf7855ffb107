#include "power/usb_switches.h"

#include <fmt/format.h>

#include <algorithm>

#include "power/hid_relay.h"
#include "power/hub_port.h"
#include "power/numato_relay.h"
#include "power/serial_port.h"
#include "power/usb_device.h"
#include "power/usb_kinds.h"
#include "power/usb_reports.h"
#include "power/usb_rly.h"
#include "power/usb_tree.h"
#include "power/ykush.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;

std::string named(const UsbKind& kind, const UsbCandidate& candidate) {
  return fmt::format("{} at USB {}", kind.name, candidate.port_path);
}

std::string node_in(const KernelRoots& roots, const UsbCandidate& candidate,
                    std::string_view prefix) {
  return roots.dev / fs::path(node_of(candidate, prefix)).filename();
}

Stream opened_port(const SerialBoard& board, const UsbKind& kind, int baud) {
  const std::vector<UsbCandidate> all = plugged_in(board.roots.sysfs);
  const UsbCandidate& chosen = choose(all, kind, board.address);
  return {open_serial_port(node_in(board.roots, chosen, "/dev/tty"), baud), named(kind, chosen)};
}

using HidBoard = HidRelay<UsbDevice>;

std::unique_ptr<HidBoard> opened_hid(const UsbCandidate& candidate) {
  const std::string name = named(dct_kind(), candidate);
  const auto channels = hid_relay_channels(candidate.product);
  if (!channels) throw SwitchError(Fault::wrong_device, "use " + name, describe(candidate));
  return std::make_unique<HidBoard>(UsbDevice(candidate, name), name, *channels);
}

// A board that cannot be asked has no serial number; the search goes on without it.
std::string asked_serial(const UsbCandidate& candidate, Moment deadline) {
  try {
    return opened_hid(candidate)->state(deadline).serial;
  } catch (const SwitchError&) {
    return {};
  }
}

const UsbCandidate& hub_at(const std::vector<UsbCandidate>& all, const HubSocket& socket) {
  const auto found = std::ranges::find(all, socket.hub, &UsbCandidate::port_path);
  if (found != all.end()) return *found;
  throw SwitchError(Fault::absent, "find USB hub " + socket.hub);
}

}  // namespace

OpenedSwitch open_hid_relay(const UsbAddress& address, Moment deadline, const KernelRoots& roots) {
  std::vector<UsbCandidate> all = plugged_in(roots.sysfs);
  for (UsbCandidate& each : all) {
    const bool board = hid_relay_channels(each.product).has_value();
    if (board && !address.serial.empty()) each.serial = asked_serial(each, deadline);
  }
  return opened_hid(choose(all, dct_kind(), address));
}

OpenedSwitch open_lcus(const SerialBoard& board, LcusRelay::Status status) {
  return std::make_unique<LcusRelay>(opened_port(board, lcus_kind(), kLcusBaud), board.channels,
                                     status);
}

OpenedSwitch open_numato(const SerialBoard& board) {
  return std::make_unique<NumatoRelay>(opened_port(board, numato_kind(), kNumatoBaud),
                                       board.channels);
}

OpenedSwitch open_usb_rly(const SerialBoard& board) {
  return std::make_unique<UsbRly>(opened_port(board, usb_rly_kind(), kUsbRlyBaud), board.channels);
}

OpenedSwitch open_ykush(const UsbAddress& address, const KernelRoots& roots) {
  const std::vector<UsbCandidate> all = plugged_in(roots.sysfs);
  const UsbCandidate& chosen = choose(all, ykush_kind(), address);
  const auto* const model =
      std::ranges::find(kYkushModels, chosen.product_id, &YkushModel::product_id);
  const std::string name = named(ykush_kind(), chosen);
  if (chosen.nodes.empty()) {
    return std::make_unique<Ykush<UsbReports>>(UsbReports(chosen, name), *model);
  }
  Stream node(open_hidraw(node_in(roots, chosen, "/dev/hidraw")), name);
  return std::make_unique<Ykush<Stream>>(std::move(node), *model);
}

OpenedSwitch open_hub_port(const HubSocket& socket, Moment deadline, const KernelRoots& roots) {
  using Port = HubPort<UsbDevice>;
  const std::string name = fmt::format("USB hub {} port {}", socket.hub, socket.port.number);
  const std::vector<UsbCandidate> all = plugged_in(roots.sysfs);
  std::vector<Port::Half> halves;
  for (const HubSocket& half : halves_of(socket, roots.sysfs)) {
    const UsbCandidate& hub = hub_at(all, half);
    const HubSpeed speed = hub.usb_version >= 3 ? HubSpeed::usb3 : HubSpeed::usb2;
    halves.push_back({.hub = UsbDevice(hub, name), .speed = speed, .port = half.port});
  }
  return std::make_unique<Port>(std::move(halves), name, deadline);
}

}  // namespace rig::power
