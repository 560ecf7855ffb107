// The key `switches` of a bench file: which product, where it is plugged in, how many channels.
#include <fmt/core.h>

#include <array>

#include "scenario/bench_sections.h"
#include "scenario/program.h"

namespace rig::scenario {
namespace {

constexpr std::uint64_t kMostChannels = 64;

const std::vector<std::string>& kind_names() {
  static const std::vector<std::string> kNames{"hid-relay", "lcus",     "numato", "usb-rly",
                                               "ykush",     "hub-port", "scpi",   "command"};
  return kNames;
}

std::uint8_t channels_or(Section& section, std::uint8_t otherwise) {
  const auto value = section.find("channels");
  return value ? static_cast<std::uint8_t>(value->integer(1, kMostChannels)) : otherwise;
}

void take_text(Section& section, const std::string& key, std::string& into) {
  if (const auto value = section.find(key)) into = value->text();
}

// usb, serial or port; at least one of them, and `port` alone.
void read_address(Section& section, SwitchSpec& spec, UsedPorts& ports) {
  const auto port = section.find("port");
  const auto usb = section.find("usb");
  take_text(section, "serial", spec.serial);
  if (port && (usb || !spec.serial.empty())) {
    port->fail("'port' names the device node and needs no 'usb' or 'serial' beside it");
  }
  if (port) {
    spec.port = port->text();
    ports.take(*port, spec.port);
  }
  if (usb) {
    spec.usb = usb->text();
    ports.take(*usb, "port=" + spec.usb);
  }
}

void need_address(Section& section, const SwitchSpec& spec) {
  if (spec.port.empty() && spec.usb.empty() && spec.serial.empty()) {
    section.fail(
        "it does not say which device: write usb: 1-1.4 (its USB port path), serial: NUMBER, or "
        "port: /dev/NODE");
  }
}

void refuse_node(Section& section, const SwitchSpec& spec) {
  if (!spec.port.empty()) {
    section.fail("this product has no device node of its own; write usb: 1-1.4 or serial: NUMBER");
  }
}

void read_relay(Section& section, SwitchSpec& spec, UsedPorts& ports) {
  read_address(section, spec, ports);
  need_address(section, spec);
  switch (spec.kind) {
    case SwitchKind::lcus:
      spec.channels = channels_or(section, 1);
      if (const auto status = section.find("status")) {
        static_cast<void>(status->one_of({"ask", "answers", "silent"}));
        spec.status = status->text();
      }
      break;
    case SwitchKind::numato:
      spec.first_channel = 0;
      spec.channels = channels_or(section, 1);
      break;
    case SwitchKind::usb_rly:
      spec.channels = channels_or(section, 8);
      break;
    case SwitchKind::ykush:
      refuse_node(section, spec);
      spec.channels = 3;
      break;
    default:
      refuse_node(section, spec);
      spec.channels = channels_or(section, 8);
      break;
  }
}

void read_hub_port(Section& section, SwitchSpec& spec, UsedPorts& ports) {
  const Value hub = section.need("hub", "name the hub by its USB port path, as in hub: 1-1");
  const Value socket = section.need("socket", "number the hub's socket, as in socket: 2");
  spec.usb = hub.text();
  spec.socket = static_cast<std::uint8_t>(socket.integer(1, 31));
  ports.take(socket, fmt::format("socket {} of hub {}", spec.socket, spec.usb));
}

void read_scpi(Section& section, SwitchSpec& spec, UsedPorts& ports) {
  const auto tcp = section.find("tcp");
  const auto port = section.find("port");
  if (tcp.has_value() == port.has_value()) {
    section.fail("a supply is at tcp: HOST:PORT or at port: /dev/usbtmcN; write one of them");
  }
  const Value& place = tcp ? *tcp : *port;
  const std::string text = place.text();
  ports.take(place, text);
  if (port) {
    spec.port = text;
  } else {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos || colon == 0 || colon + 1 == text.size()) {
      place.fail("'" + text + "' is no HOST:PORT, as in supply.lab:5555");
    }
    spec.host = text.substr(0, colon);
    spec.service = text.substr(colon + 1);
  }
  spec.channels = channels_or(section, 1);
}

void read_command(Section& section, SwitchSpec& spec) {
  spec.on = command_line_from(section.need("on", "write on: [program, argument, ..]"));
  spec.off = command_line_from(section.need("off", "write off: [program, argument, ..]"));
  if (const auto state = section.find("state")) spec.state = command_line_from(*state);
  spec.channels = channels_or(section, 1);
}

}  // namespace

std::string name_of(SwitchKind kind) { return kind_names()[static_cast<std::size_t>(kind)]; }

SwitchSpec switch_from(const Value& value, UsedPorts& ports) {
  Section section(value);
  SwitchSpec spec;
  spec.where = value.where();
  spec.kind = static_cast<SwitchKind>(
      section.need("kind", "write kind: lcus, hid-relay, ..").one_of(kind_names()));
  if (spec.kind == SwitchKind::hub_port) {
    read_hub_port(section, spec, ports);
  } else if (spec.kind == SwitchKind::scpi) {
    read_scpi(section, spec, ports);
  } else if (spec.kind == SwitchKind::command) {
    read_command(section, spec);
  } else {
    read_relay(section, spec, ports);
  }
  section.done();
  return spec;
}

}  // namespace rig::scenario
