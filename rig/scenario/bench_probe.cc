// The key `probe` of a board: the program behind its debug port, and what chip has to be there.
#include <fmt/format.h>

#include <charconv>

#include "scenario/bench_sections.h"
#include "scenario/program.h"

namespace rig::scenario {
namespace {

// A register's value: 0x412fc230, or in decimal.
std::uint32_t register_from(const Value& value) {
  const std::string text = value.text();
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  std::string_view digits = text;
  digits.remove_prefix(hex ? 2 : 0);
  std::uint32_t number{};
  const char* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, number, hex ? 16 : 10);
  if (error != std::errc{} || end != last) {
    value.fail("'" + text + "' is no 32-bit number, as in 0x412fc230");
  }
  return number;
}

ExpectedChip chip_from(const Value& value) {
  Section section(value);
  ExpectedChip chip;
  if (const auto target = section.find("target")) chip.target = target->text();
  if (const auto cpuid = section.find("cpuid")) chip.cpuid = register_from(*cpuid);
  if (const auto idcode = section.find("idcode")) chip.idcode = register_from(*idcode);
  section.done();
  if (chip == ExpectedChip{}) {
    value.fail("nothing is expected; write cpuid: 0x412fc230, idcode: .., or target: NAME");
  }
  return chip;
}

void read_openocd(const Value& value, ProbeSpec& probe) {
  Section section(value);
  if (const auto config = section.find("config")) probe.config = command_line_from(*config);
  if (const auto commands = section.find("commands")) {
    probe.commands = command_line_from(*commands);
  }
  if (const auto program = section.find("program")) probe.program = program->text();
  section.done();
  if (probe.config.empty() && probe.commands.empty()) {
    value.fail("nothing names adapter and target; write config: [interface/stlink.cfg, ..]");
  }
}

}  // namespace

ProbeSpec probe_from(const Value& value) {
  Section section(value);
  ProbeSpec probe;
  probe.where = value.where();
  read_openocd(section.need("openocd", "write openocd: {config: [FILE.cfg, ..]}"), probe);
  if (const auto expect = section.find("expect")) probe.expect = chip_from(*expect);
  if (const auto port = section.find("built_for")) probe.built_for = port->text();
  section.done();
  return probe;
}

}  // namespace rig::scenario
