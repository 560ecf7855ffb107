#include "cli/drivers.h"

#include "base/assert.h"
#include "base/rig_error.h"
#include "console/serial_console.h"
#include "power/command_switch.h"
#include "power/numato_relay.h"
#include "power/scpi_supply.h"
#include "power/serial_port.h"
#include "power/usb_rly.h"
#include "power/usb_switches.h"
#include "probe/openocd_probe.h"

namespace rig::cli {
namespace {

using power::Moment;
using power::OpenedSwitch;
using scenario::SwitchKind;
using scenario::SwitchSpec;

power::UsbAddress address_of(const SwitchSpec& spec) {
  return {.port_path = spec.usb, .serial = spec.serial};
}

power::SerialBoard serial_board_of(const SwitchSpec& spec) {
  return {.address = address_of(spec), .channels = spec.channels, .roots = {}};
}

power::Stream stream_of(const SwitchSpec& spec, int baud) {
  return {power::open_serial_port(spec.port, baud), name_of(spec.kind) + " relay at " + spec.port};
}

power::LcusRelay::Status status_of(const SwitchSpec& spec) {
  if (spec.status == "answers") return power::LcusRelay::Status::answers;
  return spec.status == "silent" ? power::LcusRelay::Status::silent : power::LcusRelay::Status::ask;
}

OpenedSwitch open_lcus_of(const SwitchSpec& spec) {
  if (spec.port.empty()) return power::open_lcus(serial_board_of(spec), status_of(spec));
  return std::make_unique<power::LcusRelay>(stream_of(spec, power::kLcusBaud), spec.channels,
                                            status_of(spec));
}

OpenedSwitch open_numato_of(const SwitchSpec& spec) {
  if (spec.port.empty()) return power::open_numato(serial_board_of(spec));
  return std::make_unique<power::NumatoRelay>(stream_of(spec, power::kNumatoBaud), spec.channels);
}

OpenedSwitch open_usb_rly_of(const SwitchSpec& spec) {
  if (spec.port.empty()) return power::open_usb_rly(serial_board_of(spec));
  return std::make_unique<power::UsbRly>(stream_of(spec, power::kUsbRlyBaud), spec.channels);
}

// The kernel's own switch is better (power/sysfs_port.h); kernels before 6.0 have none.
OpenedSwitch open_hub_port_of(const SwitchSpec& spec, Moment deadline) {
  const power::HubSocket socket{.hub = spec.usb, .port = power::Channel{spec.socket}};
  const auto attribute = power::port_folder(socket, "/sys") / "disable";
  if (std::filesystem::exists(attribute)) return std::make_unique<power::SysfsPort>(socket);
  return power::open_hub_port(socket, deadline);
}

OpenedSwitch open_scpi_of(const SwitchSpec& spec, Moment deadline) {
  const power::ScpiPlace place = spec.port.empty()
                                     ? power::ScpiPlace(power::TcpPlace{spec.host, spec.service})
                                     : power::ScpiPlace(power::UsbtmcPlace{spec.port});
  return std::make_unique<power::ScpiSupply>(power::ScpiLink(place, deadline), spec.channels,
                                             deadline);
}

OpenedSwitch open_command_of(const SwitchSpec& spec, const std::string& name) {
  return std::make_unique<power::CommandSwitch>(
      power::SwitchTraits{.name = "command switch " + name,
                          .channels = spec.channels,
                          .reads_back = !spec.state.empty()},
      power::CommandActions{.on = spec.on, .off = spec.off, .state = spec.state});
}

OpenedSwitch opened(const SwitchSpec& spec, const std::string& name, Moment deadline) {
  switch (spec.kind) {
    case SwitchKind::hid_relay:
      return power::open_hid_relay(address_of(spec), deadline);
    case SwitchKind::lcus:
      return open_lcus_of(spec);
    case SwitchKind::numato:
      return open_numato_of(spec);
    case SwitchKind::usb_rly:
      return open_usb_rly_of(spec);
    case SwitchKind::ykush:
      return power::open_ykush(address_of(spec));
    case SwitchKind::hub_port:
      return open_hub_port_of(spec, deadline);
    case SwitchKind::scpi:
      return open_scpi_of(spec, deadline);
    case SwitchKind::command:
      return open_command_of(spec, name);
  }
  throw base::UsageError(spec.where + ": a switch of no kind");
}

console::SerialSettings settings_of(const scenario::ConsoleSpec& spec) {
  using Line = console::SerialSettings::ModemLine;
  console::SerialSettings settings;
  settings.baud = static_cast<int>(spec.baud);
  settings.dtr = spec.dtr ? Line::asserted : Line::released;
  settings.rts = spec.rts ? Line::asserted : Line::released;
  // What the board said before this cycle is no part of it.
  settings.stale = console::SerialSettings::Stale::discard;
  return settings;
}

console::PortMatch match_of(const std::string& port, const std::string& where) {
  try {
    return console::parse_port_match(port);
  } catch (const base::UsageError& error) {
    throw base::UsageError(where + ": " + error.what());
  }
}

}  // namespace

board::SwitchOpeners openers_of(const scenario::Bench& bench) {
  board::SwitchOpeners openers;
  for (const auto& [name, spec] : bench.switches) {
    openers[name] = [spec = spec, name = name](Moment deadline) {
      return opened(spec, name, deadline);
    };
  }
  return openers;
}

board::ModemPlace modem_place_of(const scenario::ModemPortSpec& spec) {
  console::SerialSettings settings;
  settings.baud = static_cast<int>(spec.baud);
  settings.stale = console::SerialSettings::Stale::discard;
  return board::AdapterPlace{.match = match_of(spec.port, spec.where), .settings = settings};
}

board::ConsoleOpener console_of(const scenario::BenchBoard& board, const std::string& log_file) {
  const console::SerialConsole::Place place{
      .match = match_of(board.console.port, board.console.where),
      .settings = settings_of(board.console),
      .may_be_absent = board.console.own_usb};
  const console::ConsoleSettings settings{.name = board.name, .log_file = log_file, .lines = {}};
  return [place, settings](io::Loop& loop) -> std::unique_ptr<console::Console> {
    return std::make_unique<console::SerialConsole>(loop, settings, place);
  };
}

std::unique_ptr<probe::Probe> probe_of(const scenario::Bench& bench,
                                       const scenario::BenchBoard& board, io::Loop& loop,
                                       probe::Probe::Handlers handlers) {
  RIG_ASSERT(board.probe);
  const scenario::ProbeSpec& spec = *board.probe;
  probe::OpenocdSettings settings{.board = board.name,
                                  .program = spec.program,
                                  .config = spec.config,
                                  .commands = spec.commands,
                                  .folder = bench.file.parent_path().string()};
  settings.expected = {
      .target = spec.expect.target, .idcode = spec.expect.idcode, .cpuid = spec.expect.cpuid};
  return std::make_unique<probe::OpenocdProbe>(loop, std::move(settings), std::move(handlers));
}

}  // namespace rig::cli
