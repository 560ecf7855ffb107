// The key `boards` of a bench file, and the file as a whole.
#include "scenario/bench.h"

#include <fmt/core.h>

#include "base/rig_error.h"
#include "base/suggestion.h"
#include "scenario/bench_sections.h"

namespace rig::scenario {
namespace {

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

ChannelSpec channel_from(const Value& value, const Bench& bench, bool with_wiring) {
  Section section(value);
  ChannelSpec channel;
  const Value name = section.need("switch", "name a switch of this bench, as in switch: relay-a");
  channel.power_switch = name.text();
  const auto found = bench.switches.find(channel.power_switch);
  if (found == bench.switches.end()) {
    const auto names = keys_of(bench.switches);
    name.fail(fmt::format("this bench has no switch '{}'; it has: {}.{}", channel.power_switch,
                          base::joined(names), base::did_you_mean(channel.power_switch, names)));
  }
  const SwitchSpec& spec = found->second;
  channel.channel = spec.first_channel;
  const auto last = static_cast<std::uint64_t>(spec.first_channel + spec.channels - 1);
  if (const auto number = section.find("channel")) {
    channel.channel = static_cast<std::uint8_t>(number->integer(spec.first_channel, last));
  } else if (spec.channels > 1) {
    section.fail(fmt::format("'{}' has the channels {} to {}; write channel: {}",
                             channel.power_switch, spec.first_channel, last, last));
  }
  if (const auto wiring = with_wiring ? section.find("wiring") : std::nullopt) {
    channel.normally_closed = wiring->one_of({"normally-open", "normally-closed"}) == 1;
  }
  section.done();
  return channel;
}

class BoardReader {
 public:
  BoardReader(const Bench& bench, UsedPorts& ports) : bench_(bench), ports_(ports) {}

  BenchBoard read(const Value& value) {
    Section section(value);
    if (section.need("kind", "write kind: serial, or kind: qemu").one_of({"serial", "qemu"}) == 1) {
      return read_qemu(section);
    }
    read_power(section.need("power", "write power: {board: [{switch: NAME, channel: 1}]}"));
    read_sense(section);
    read_times(section);
    if (const auto safe = section.find("safe")) {
      board_.power.safe_on = safe->one_of({"off", "on"}) == 1;
    }
    read_console(section.need("console", "write console: {port: /dev/serial/by-id/..}"));
    if (const auto port = section.find("modem_port")) read_modem_port(*port);
    if (const auto probe = section.find("probe")) board_.probe = probe_from(*probe);
    if (const auto link = section.find("link")) read_link(*link);
    section.done();
    return board_;
  }

 private:
  BenchBoard read_qemu(Section& section) {
    board_ = qemu_board({});
    if (const auto more = section.find("arguments")) {
      for (const Value& each : more->list()) board_.arguments.push_back(each.text());
    }
    section.done();
    return board_;
  }

  void read_link(const Value& value) {
    if (board_.modem_port) {
      value.fail(
          "the rig is this board's modem, and the link is behind it; leave 'link' out, or "
          "'modem_port'");
    }
    board_.link = link_spec_from(value, ports_);
  }

  void read_modem_port(const Value& value) {
    Section section(value);
    ModemPortSpec spec;
    const Value port = section.need("port", "write port: /dev/serial/by-path/.., or 'port=1-2.3'");
    spec.where = port.where();
    spec.port = port.text();
    ports_.take(port, spec.port);
    if (const auto baud = section.find("baud")) {
      spec.baud = static_cast<std::uint32_t>(baud->integer(50, 20'000'000));
    }
    section.done();
    board_.modem_port = spec;
  }

  std::vector<ChannelSpec> legs_from(const Value& value) {
    std::vector<ChannelSpec> legs;
    for (const Value& each : value.list()) {
      legs.push_back(channel_from(each, bench_, true));
      ports_.take(each, fmt::format("channel {} of switch {}", legs.back().channel,
                                    legs.back().power_switch));
    }
    if (legs.empty()) value.fail("a power domain without a switch cannot be cut");
    return legs;
  }

  void read_power(const Value& value) {
    Section section(value);
    board_.power.board =
        legs_from(section.need("board", "write board: [{switch: NAME, channel: 1}]"));
    if (const auto modem = section.find("modem")) board_.power.modem = legs_from(*modem);
    section.done();
  }

  void read_sense(Section& board) {
    const auto value = board.find("sense");
    if (!value) return;
    Section section(*value);
    if (const auto each = section.find("board")) {
      board_.power.board_sense = channel_from(*each, bench_, false);
    }
    if (const auto each = section.find("modem")) {
      if (board_.power.modem.empty()) each->fail("the board has no power domain 'modem'");
      board_.power.modem_sense = channel_from(*each, bench_, false);
    }
    section.done();
  }

  void read_times(Section& section) {
    PowerSpec& power = board_.power;
    for (auto [key, into] :
         {std::pair{"shortest_off", &power.shortest_off}, std::pair{"settle", &power.settle},
          std::pair{"silence", &power.silence}, std::pair{"prove_within", &power.prove_within},
          std::pair{"answer_within", &power.answer_within}}) {
      if (const auto value = section.find(key)) *into = value->duration();
    }
    if (power.silence <= base::Duration::zero()) {
      section.fail("a silence of 0 proves nothing; write silence: 300ms or longer");
    }
    if (power.prove_within < power.silence) {
      section.fail("prove_within is shorter than silence, so that no cut could ever be proven");
    }
  }

  void read_console(const Value& value) {
    Section section(value);
    ConsoleSpec& console = board_.console;
    const Value port = section.need(
        "port", "write port: /dev/serial/by-path/.., or 'port=1-2.3' (its USB port path)");
    console.where = port.where();
    console.port = port.text();
    ports_.take(port, console.port);
    if (const auto baud = section.find("baud")) {
      console.baud = static_cast<std::uint32_t>(baud->integer(50, 20'000'000));
    }
    for (auto [key, into] : {std::pair{"dtr", &console.dtr}, std::pair{"rts", &console.rts}}) {
      if (const auto line = section.find(key)) *into = line->one_of({"released", "asserted"}) == 1;
    }
    if (const auto own = section.find("own_usb")) console.own_usb = own->boolean();
    section.done();
    if (console.own_usb && !board_.power.board_sense) {
      port.fail(
          "a console that is the board's own USB port goes with its power, so its silence proves "
          "no cut; declare sense: {board: {switch: NAME}}");
    }
  }

  const Bench& bench_;
  UsedPorts& ports_;
  BenchBoard board_;
};

Bench bench_from(const Value& yaml, const std::filesystem::path& file) {
  Section root(yaml);
  Bench bench;
  UsedPorts ports;
  bench.file = file;
  const auto name = root.find("bench");
  bench.name = name ? name->text() : file.stem().string();
  for (const auto& [key, value] :
       root.need("switches", "list the power switches by name").entries()) {
    bench.switches[key] = switch_from(value, ports);
  }
  for (const auto& [key, value] : root.need("boards", "list the boards by name").entries()) {
    bench.boards[key] = bench_board_from(value, bench, ports);
    bench.boards[key].name = key;
  }
  root.done();
  return bench;
}

}  // namespace

void UsedPorts::take(const Value& value, const std::string& name) {
  if (!taken_.insert(name).second) {
    value.fail("'" + name + "' is named a second time on this bench; each port has one use");
  }
}

BenchBoard bench_board_from(const Value& value, const Bench& bench, UsedPorts& ports) {
  return BoardReader(bench, ports).read(value);
}

// Its one switch is its own process, which is its own sense as well: a dead process is silent.
BenchBoard qemu_board(const std::string& name) {
  const ChannelSpec process{.power_switch = "qemu", .channel = 1};
  BenchBoard board;
  board.name = name;
  board.kind = BoardKind::qemu;
  board.power.board = {process};
  board.power.board_sense = process;
  board.power.shortest_off = {};
  board.power.settle = {};
  board.power.silence = std::chrono::milliseconds(1);
  board.power.answer_within = std::chrono::seconds(20);  // a machine is built on a busy host
  board.console.own_usb = true;
  return board;
}

Bench load_bench(const std::filesystem::path& file) { return bench_from(read_yaml(file), file); }

Bench parse_bench(const std::string& text, const std::filesystem::path& file) {
  return bench_from(parse_yaml(text, file), file);
}

const BenchBoard& board_named(const Bench& bench, const std::string& name) {
  const auto names = keys_of(bench.boards);
  const auto found =
      name.empty() && names.size() == 1 ? bench.boards.begin() : bench.boards.find(name);
  if (found != bench.boards.end()) return found->second;
  throw base::UsageError(
      name.empty() ? fmt::format("{} has several boards: {}; say which with --board NAME",
                                 bench.file.string(), base::joined(names))
                   : fmt::format("{} has no board '{}'; it has: {}.{}", bench.file.string(), name,
                                 base::joined(names), base::did_you_mean(name, names)));
}

}  // namespace rig::scenario
