#include "board/mcu_file.h"

#include <fmt/format.h>

#include <map>

#include "scenario/units.h"
#include "scenario/yaml_reader.h"

namespace rig::board {
namespace {

using scenario::Section;
using scenario::Value;
using simulator::McuDescription;
using simulator::McuFamily;
using simulator::MemoryRange;
using simulator::Stub;

constexpr std::uint32_t kPage = 4096;  // what memory is mapped in
constexpr std::size_t kMostSectors = 4096;
constexpr std::size_t kMostStm32Sectors = 24;
constexpr std::uint32_t kMostStub = 16U << 20;
constexpr MemoryRange kPeripherals{0x40000000, 0x20000000};
constexpr MemoryRange kSystem{0xE0000000, 0x00100000};
constexpr std::uint32_t kStm32Flash = 0x08000000;

// Bytes of a memory; `where` the text stands.
std::uint32_t size_from(const Value& value, std::uint32_t most) {
  const std::uint64_t bytes = value.bytes();
  if (bytes == 0 || bytes > most) {
    value.fail(fmt::format("{} bytes; from 4 to {} are simulated", bytes, most));
  }
  return static_cast<std::uint32_t>(bytes);
}

MemoryRange memory_from(Section& section, std::uint32_t most) {
  const Value at = section.need("at", "write at: 0x20000000");
  const Value size = section.need("size", "write size: 64KB");
  const MemoryRange range{at.address(), size_from(size, most)};
  if (range.start % kPage != 0) at.fail("is no multiple of 4 KB");
  if (range.size % kPage != 0) size.fail("is no multiple of 4 KB");
  if (range.end() > std::uint64_t{1} << 32) size.fail("ends behind the address space");
  return range;
}

using EraseTimes = std::map<std::uint32_t, base::Duration>;

EraseTimes erase_times_from(const Value& value) {
  EraseTimes times;
  for (const auto& [text, time] : value.entries()) {
    const auto bytes = scenario::bytes_from(text);
    if (!bytes || *bytes > simulator::kMostFlash) {
      time.fail("'" + text + "' is no size of a sector; write for example 16KB: 250ms");
    }
    times[static_cast<std::uint32_t>(*bytes)] = time.duration();
  }
  return times;
}

struct Run {
  std::uint64_t count{};
  std::uint64_t bytes{};
};

// "4 x 16KB", "64KB"
Run run_from(const Value& value) {
  const std::string text = value.text();
  const auto cross = text.find(" x ");
  Run run{.count = 1, .bytes = 0};
  if (cross != text.npos) {
    run.count = scenario::bytes_from(text.substr(0, cross)).value_or(0);
  }
  run.bytes = scenario::bytes_from(cross == text.npos ? text : text.substr(cross + 3)).value_or(0);
  if (run.count == 0 || run.count > kMostSectors || run.bytes == 0 || run.bytes % 4 != 0 ||
      run.bytes > simulator::kMostFlash) {
    value.fail("'" + text + "' is no run of sectors; write for example 4 x 16KB, or 64KB");
  }
  return run;
}

void add_sectors(const Value& item, const EraseTimes& times, std::vector<simulator::Sector>& to) {
  const Run run = run_from(item);
  const auto time = times.find(static_cast<std::uint32_t>(run.bytes));
  if (time == times.end()) {
    item.fail(fmt::format(
        "how long does it take to erase {} bytes? Write erase: {{{}: 100ms}}", run.bytes,
        run.bytes % 1024 == 0 ? fmt::format("{}KB", run.bytes / 1024) : fmt::to_string(run.bytes)));
  }
  for (std::uint64_t i = 0; i < run.count; ++i) {
    const std::uint64_t offset = to.empty() ? 0 : std::uint64_t{to.back().offset} + to.back().bytes;
    if (offset + run.bytes > simulator::kMostFlash) {
      item.fail(
          fmt::format("more than the {} bytes of flash that are simulated", simulator::kMostFlash));
    }
    to.push_back(
        {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(run.bytes), time->second});
  }
}

// What a loss of power can leave behind (simulator/flash_marks.h).
void read_faults(Section& section, simulator::FlashGeometry& flash) {
  if (const auto ecc = section.find("ecc")) {
    flash.ecc = static_cast<simulator::EccFault>(1 + ecc->one_of({"bus-fault", "nmi"}));
  }
  if (const auto unit = section.find("unit")) {
    const std::uint64_t bytes = unit->bytes();
    if (bytes != 4 && bytes != 8 && bytes != 16 && bytes != 32) {
      unit->fail("bytes that share an ECC: write unit: 8, or 4, 16, 32");
    }
    if (flash.ecc == simulator::EccFault::none) unit->fail("without 'ecc' it means nothing");
    flash.unit = static_cast<std::uint32_t>(bytes);
  }
  if (const auto buffered = section.find("buffered")) flash.buffered = buffered->boolean();
}

simulator::FlashGeometry flash_from(const Value& value, McuFamily family) {
  Section section(value);
  simulator::FlashGeometry flash{.range = memory_from(section, simulator::kMostFlash),
                                 .sectors = {},
                                 .word_time = {},
                                 .ecc = {},
                                 .unit = 4,
                                 .buffered = false};
  flash.word_time =
      section.need("program", "how long does one word take? program: 16us").duration();
  const EraseTimes times =
      erase_times_from(section.need("erase", "write erase: {16KB: 250ms} for every size"));
  const Value sectors = section.need("sectors", "write sectors: [4 x 16KB, 64KB, 7 x 128KB]");
  for (const Value& item : sectors.list()) add_sectors(item, times, flash.sectors);
  read_faults(section, flash);
  section.done();
  const std::uint64_t sum =
      flash.sectors.empty() ? 0 : flash.sectors.back().offset + flash.sectors.back().bytes;
  if (sum != flash.range.size) {
    sectors.fail(fmt::format("the sectors make {} bytes together, 'size' says {}; correct one", sum,
                             flash.range.size));
  }
  if (family == McuFamily::stm32 && flash.sectors.size() > kMostStm32Sectors) {
    sectors.fail(fmt::format("{} sectors; the controller of an STM32F2 or F4 names {} at most",
                             flash.sectors.size(), kMostStm32Sectors));
  }
  const std::uint32_t start = family == McuFamily::stm32 ? kStm32Flash : 0;
  if (flash.range.start != start) {
    section.fail(
        fmt::format("the flash of this family is at 0x{:08x}; write at: 0x{:08x}", start, start));
  }
  return flash;
}

Stub stub_from(const Value& value) {
  Section section(value);
  const Value at = section.need("at", "write at: 0x40012000");
  const Value size = section.need("size", "write size: 0x400 or 1KB");
  Stub stub{.range = {at.address(), 0}, .values = {}};
  stub.range.size = size.text().starts_with("0x") ? size.address() : size_from(size, kMostStub);
  if (stub.range.start % 4 != 0) at.fail("a register begins at a multiple of 4");
  if (stub.range.size == 0 || stub.range.size % 4 != 0 || stub.range.size > kMostStub) {
    size.fail("registers have 4 bytes each; write size: 4 or more, at most 16MB");
  }
  if (stub.range.end() > std::uint64_t{1} << 32) size.fail("ends behind the address space");
  if (const auto values = section.find("values")) {
    for (const Value& each : values->list()) stub.values.push_back(each.address());
    if (stub.values.empty()) values->fail("an empty list answers nothing; leave 'values' out");
  }
  section.done();
  return stub;
}

bool overlap(const MemoryRange& a, const MemoryRange& b) {
  return a.start < b.end() && b.start < a.end();
}

void check_apart(const Value& value, const MemoryRange& range, const McuDescription& mcu) {
  if (overlap(range, mcu.flash.range)) value.fail("overlaps the flash");
  if (overlap(range, mcu.ram)) value.fail("overlaps the RAM");
  const bool registers = overlap(kPeripherals, range) || overlap(kSystem, range);
  if (!registers && (range.start / kPage == (mcu.ram.end() - 1) / kPage)) {
    value.fail("shares a page with the RAM");
  }
}

void read_stubs(Section& root, McuDescription& mcu) {
  const auto stubs = root.find("stubs");
  if (!stubs) return;
  for (const Value& item : stubs->list()) {
    const Stub stub = stub_from(item);
    check_apart(item, stub.range, mcu);
    for (const Stub& other : mcu.stubs) {
      if (overlap(stub.range, other.range)) {
        item.fail(
            fmt::format("overlaps the stub at 0x{:08x}; the first one answers, keep them apart",
                        other.range.start));
      }
    }
    mcu.stubs.push_back(stub);
  }
}

MemoryRange ram_from(const Value& value, const McuDescription& mcu) {
  Section section(value);
  const MemoryRange ram = memory_from(section, simulator::kMostRam);
  section.done();
  if (overlap(ram, mcu.flash.range)) value.fail("overlaps the flash");
  if (overlap(ram, kPeripherals) || overlap(ram, kSystem)) value.fail("is where registers are");
  return ram;
}

}  // namespace

McuDescription read_mcu(const std::filesystem::path& file) {
  const Value yaml = scenario::read_yaml(file);
  Section root(yaml);
  if (const auto about = root.find("about")) static_cast<void>(about->text());
  McuDescription mcu;
  mcu.name = file.stem().string();
  const Value family = root.need("family", "write family: stm32 or family: nordic");
  mcu.family = static_cast<McuFamily>(family.one_of({"stm32", "nordic"}));
  mcu.flash = flash_from(root.need("flash", "describe the flash"), mcu.family);
  mcu.ram = ram_from(root.need("ram", "write ram: {at: 0x20000000, size: 64KB}"), mcu);
  const Value console = root.need("console", "write console: 0x40011000, the base of its UART");
  mcu.console = console.address();
  if (!kPeripherals.contains(mcu.console)) console.fail("is no address of a peripheral");
  if (const auto modem = root.find("wired_modem")) mcu.wired_modem = modem->boolean();
  if (const auto limit = root.find("compute_limit")) mcu.compute_limit = limit->duration();
  read_stubs(root, mcu);
  root.done();
  return mcu;
}

}  // namespace rig::board
