// Finds a USB power switch by its address and opens it: one function for each product. Called for
// every opening, so that a board which came back as /dev/ttyUSB1 is found there; nothing is
// remembered. Which product a bench means is its own word: nothing is probed by guess.
//
// All throw what choose() throws, and SwitchError from the opening. Where the kernel offers no
// disable attribute for a hub's port, open_hub_port() is the way; else SysfsPort.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "power/lcus_relay.h"
#include "power/sysfs_port.h"
#include "power/usb_address.h"

namespace rig::power {

// Where the kernel shows its devices.
struct KernelRoots {
  std::filesystem::path sysfs{"/sys"};
  std::filesystem::path dev{"/dev"};
};

using OpenedSwitch = std::unique_ptr<PowerSwitch>;

// A board on a serial port. `channels` as printed on it.
struct SerialBoard {
  UsbAddress address;
  std::uint8_t channels{1};
  KernelRoots roots;
};

// DCT Tech boards. Their serial number is in their state report, not in their descriptor: to find
// one by it, every board is asked.
[[nodiscard]] OpenedSwitch open_hid_relay(const UsbAddress& address, Moment deadline,
                                          const KernelRoots& roots = {});
[[nodiscard]] OpenedSwitch open_lcus(const SerialBoard& board,
                                     LcusRelay::Status status = LcusRelay::Status::ask);
[[nodiscard]] OpenedSwitch open_numato(const SerialBoard& board);
[[nodiscard]] OpenedSwitch open_usb_rly(const SerialBoard& board);
[[nodiscard]] OpenedSwitch open_ykush(const UsbAddress& address, const KernelRoots& roots = {});
[[nodiscard]] OpenedSwitch open_hub_port(const HubSocket& socket, Moment deadline,
                                         const KernelRoots& roots = {});

// What a plugged-in device is by its ids, without asking it.
struct RecognisedSwitch {
  enum class Kind : std::uint8_t { hid_relay, lcus, numato, usb_rly, ykush };
  Kind kind{Kind::hid_relay};
  // False: a bare serial converter, which as well is a console or a debug probe.
  bool certain{true};
  std::optional<std::uint8_t> channels{};  // where the ids or the product string tell
  bool operator==(const RecognisedSwitch&) const = default;
};
[[nodiscard]] std::optional<RecognisedSwitch> recognised(const UsbCandidate& candidate);

// The sockets whose power the kernel offers to switch, by hub and number: one of each pair of
// halves. Whether the hub obeys is another matter (power/sysfs_port.h).
[[nodiscard]] std::vector<HubSocket> switchable_sockets(
    const std::filesystem::path& sysfs = "/sys");

// The socket itself, and its other half where the kernel knows one.
[[nodiscard]] std::vector<HubSocket> halves_of(const HubSocket& socket,
                                               const std::filesystem::path& sysfs);

}  // namespace rig::power
