// A bench: the power switches and the real boards of one rig, and the wiring between them. Read
// from YAML (keys: README, "Connecting real hardware"); plain values afterwards. It opens nothing:
// whether a switch is plugged in is only known when a driver is asked (cli/drivers.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace rig::scenario {

enum class SwitchKind : std::uint8_t {
  hid_relay,
  lcus,
  numato,
  usb_rly,
  ykush,
  hub_port,
  scpi,
  command,
};

[[nodiscard]] std::string name_of(SwitchKind kind);  // "hid-relay"

struct SwitchSpec {
  SwitchKind kind{SwitchKind::hid_relay};
  std::string where;   // "file:line:column", for complaints of its driver
  std::string usb;     // USB port path "1-1.4"; hub-port: of the hub
  std::string serial;  // serial number
  std::string port;    // device node instead of both: /dev/ttyUSB0, /dev/usbtmc0
  std::string host;    // scpi over TCP
  std::string service;
  std::uint8_t socket{1};         // hub-port: of the hub
  std::uint8_t first_channel{1};  // numato counts from 0
  std::uint8_t channels{1};
  std::string status{"ask"};     // lcus: ask, answers, silent
  std::vector<std::string> on;   // command
  std::vector<std::string> off;  // command
  std::vector<std::string> state;
};

struct ChannelSpec {
  std::string power_switch;
  std::uint8_t channel{1};
  bool normally_closed{false};
  bool operator==(const ChannelSpec&) const = default;
};

struct PowerSpec {
  std::vector<ChannelSpec> board;
  std::vector<ChannelSpec> modem;  // empty: it has no supply of its own
  std::optional<ChannelSpec> board_sense;
  std::optional<ChannelSpec> modem_sense;
  base::Duration shortest_off{std::chrono::seconds(1)};
  base::Duration settle{std::chrono::milliseconds(100)};
  base::Duration silence{std::chrono::milliseconds(300)};
  base::Duration prove_within{std::chrono::seconds(2)};
  base::Duration answer_within{std::chrono::seconds(2)};  // a switch
  bool safe_on{false};  // how the board is left behind: without power, unless the bench says so
};

struct ConsoleSpec {
  std::string where;
  std::string port;  // what console/port_match.h reads, or a device path
  std::uint32_t baud{115'200};
  bool dtr{true};  // asserted
  bool rts{true};
  bool own_usb{false};  // the board's own USB port: gone without power
};

// A serial adapter in place of the board's cellular module: the rig is its modem.
struct ModemPortSpec {
  std::string where;
  std::string port;
  std::uint32_t baud{115'200};
};

enum class BoardKind : std::uint8_t { serial, qemu };

// What the probe has to find; what is empty is not looked at.
struct ExpectedChip {
  std::string target;                   // the probe's name of it
  std::optional<std::uint32_t> idcode;  // JTAG IDCODE, or DPIDR of SWD
  std::optional<std::uint32_t> cpuid;   // Cortex-M: the register at 0xE000ED00
  bool operator==(const ExpectedChip&) const = default;
};

inline constexpr std::string_view kPlantedPort = "stm32f205";

// OpenOCD: its files (-f, from the bench file's folder or OpenOCD's own) and commands (-c).
struct ProbeSpec {
  std::string where;
  std::string program{"openocd"};
  std::vector<std::string> config;
  std::vector<std::string> commands;
  ExpectedChip expect;
  // The port of the products' firmware that is on the board: what its symbols are looked up in.
  // Only that of the STM32F205 is planted through a probe.
  std::string built_for{kPlantedPort};
};

enum class LinkEngine : std::uint8_t { relay, packets, netem };

[[nodiscard]] std::string name_of(LinkEngine engine);

// A port of this machine in place of one of the server.
struct ForwardSpec {
  std::string where;
  bool udp{false};
  std::string listen;  // HOST:PORT
  std::string to;
};

// The path between a board and its server, where it passes through this machine.
struct LinkSpec {
  std::string where;
  LinkEngine engine{LinkEngine::packets};
  std::string board_side;             // packets, netem: interfaces
  std::string server_side;            //
  std::vector<ForwardSpec> forwards;  // relay
  std::uint16_t mss{1460};            // relay
};

struct BenchBoard {
  std::string name{};
  BoardKind kind{BoardKind::serial};  // qemu: power and console are its process's
  PowerSpec power{};
  ConsoleSpec console{};
  std::optional<ModemPortSpec> modem_port{};
  std::vector<std::string> arguments{};  // qemu: for its command line, last
  std::optional<ProbeSpec> probe{};
  std::optional<LinkSpec> link{};
};

// The rig answers the board's AT commands, and so the update comes from its own server.
[[nodiscard]] inline bool rig_is_modem(const BenchBoard& board) {
  return board.kind == BoardKind::qemu || board.modem_port;
}

// A QEMU board as a bench without a word about it has it.
[[nodiscard]] BenchBoard qemu_board(const std::string& name);

struct Bench {
  std::filesystem::path file;
  std::string name;
  std::map<std::string, SwitchSpec> switches;
  std::map<std::string, BenchBoard> boards;
};

// Throws base::UsageError with "file:line:column: what is wrong; what would be right".
[[nodiscard]] Bench load_bench(const std::filesystem::path& file);
[[nodiscard]] Bench parse_bench(const std::string& text, const std::filesystem::path& file);

// The board of that name; an empty name means the only one there is. Throws base::UsageError that
// names those there are.
[[nodiscard]] const BenchBoard& board_named(const Bench& bench, const std::string& name);

}  // namespace rig::scenario
