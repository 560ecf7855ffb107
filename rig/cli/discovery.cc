#include "cli/discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "console/port_match.h"
#include "power/usb_tree.h"

namespace rig::cli {
namespace {

using Kind = power::RecognisedSwitch::Kind;

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::hid_relay:
      return "hid-relay";
    case Kind::lcus:
      return "lcus";
    case Kind::numato:
      return "numato";
    case Kind::usb_rly:
      return "usb-rly";
    case Kind::ykush:
      return "ykush";
  }
  return "";
}

std::string switch_line(const power::UsbCandidate& device, const power::RecognisedSwitch& found) {
  std::string line = fmt::format("{{kind: {}, usb: {}", name_of(found.kind), device.port_path);
  // A YKUSH has its own number of channels, which the bench file does not repeat.
  if (found.channels && found.kind != Kind::ykush) {
    line += fmt::format(", channels: {}", *found.channels);
  }
  return line + "}";
}

std::string console_line(const console::PortInfo& port) {
  const auto match = console::same_again(port);
  const std::string place = match ? console::to_text(*match) : port.node;
  return fmt::format("{{port: '{}', baud: 115200}}", place);
}

const power::UsbCandidate* device_of(const console::PortInfo& port, const Plugged& plugged) {
  const auto found = std::ranges::find(plugged.usb, port.usb_port, &power::UsbCandidate::port_path);
  return port.usb_port.empty() || found == plugged.usb.end() ? nullptr : &*found;
}

void add_ports(const Plugged& plugged, Draft& draft) {
  for (const console::PortInfo& port : plugged.ports) {
    if (port.usb_port.empty()) continue;  // ttyS0 to ttyS31 exist whether or not they have a plug
    const auto* device = device_of(port, plugged);
    const auto found = device != nullptr ? power::recognised(*device) : std::nullopt;
    const Draft::Found console{
        .name = port.node, .line = console_line(port), .comment = console::to_text(port)};
    if (!found) draft.consoles.push_back(console);
    if (found && !found->certain) draft.unclear.push_back(console);
  }
}

// The contacts there are, in order: "switch: relay-1-1.4, channel: 1".
std::vector<std::string> contacts_of(const Plugged& plugged) {
  std::vector<std::string> contacts;
  for (const power::UsbCandidate& device : plugged.usb) {
    const auto found = power::recognised(device);
    if (!found || !found->certain) continue;
    const int first = found->kind == Kind::numato ? 0 : 1;
    for (int i = 0; i < found->channels.value_or(1); ++i) {
      contacts.push_back(fmt::format("switch: {}-{}, channel: {}", name_of(found->kind),
                                     device.port_path, first + i));
    }
  }
  return contacts;
}

std::string boards_text(const Draft& draft) {
  std::string text;
  std::size_t number = 0;
  for (const Draft::Found& console : draft.consoles) {
    const bool powered = number < draft.contacts.size();
    const char* begin = powered ? "  " : "#  ";
    ++number;
    text += fmt::format("{}board-{}:  # {}\n", begin, number, console.comment);
    text += fmt::format("{}  kind: serial\n", begin);
    text += fmt::format("{}  power: {{board: [{{{}}}]}}  # is that the contact in its supply?\n",
                        begin, powered ? draft.contacts[number - 1] : "switch: ?");
    text += fmt::format("{}  console: {}\n", begin, console.line);
  }
  return text;
}

}  // namespace

Plugged plugged_into_this_machine() {
  return {.usb = power::plugged_in(),
          .ports = console::list_ports(),
          .sockets = power::switchable_sockets()};
}

Draft draft_of(const Plugged& plugged) {
  Draft draft;
  for (const power::UsbCandidate& device : plugged.usb) {
    const auto found = power::recognised(device);
    if (!found || !found->certain) continue;
    draft.switches.push_back({.name = fmt::format("{}-{}", name_of(found->kind), device.port_path),
                              .line = switch_line(device, *found),
                              .comment = power::describe(device)});
  }
  draft.contacts = contacts_of(plugged);
  add_ports(plugged, draft);
  std::map<std::string, std::string> hubs;
  for (const power::HubSocket& socket : plugged.sockets) {
    hubs[socket.hub] += fmt::format(" {}", socket.port.number);
  }
  for (const auto& [hub, numbers] : hubs) draft.sockets.push_back(hub + ":" + numbers);
  return draft;
}

std::string bench_text(const Draft& draft) {
  std::string text =
      "# Found by otarig discover. What is wired to what, nobody can see from here.\n";
  text += "bench: discovered\n\nswitches:";
  text += draft.switches.empty() ? " {}\n" : "\n";
  for (const Draft::Found& each : draft.switches) {
    text += fmt::format("  {}: {}  # {}\n", each.name, each.line, each.comment);
  }
  for (const Draft::Found& each : draft.unclear) {
    text +=
        fmt::format("  # {} is a relay board (kind: lcus, and its usb port), or a console: {}\n",
                    each.comment, each.line);
  }
  for (const std::string& hub : draft.sockets) {
    text += fmt::format(
        "  # sockets of hub {}; one that a board hangs on: {{kind: hub-port, hub: .., socket: "
        "..}}\n",
        hub);
  }
  const std::string boards = boards_text(draft);
  const bool any = !draft.consoles.empty() && !draft.contacts.empty();
  return text + (any ? "\nboards:\n" : "\nboards: {}\n") + boards;
}

}  // namespace rig::cli
