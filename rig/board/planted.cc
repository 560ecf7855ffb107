#include "board/planted.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/checksum.h"
#include "base/rig_error.h"
#include "image/program_file.h"

namespace rig::board {
namespace {

struct Placed {
  const scenario::FlashFile* file{};
  std::uint32_t start{};
  std::uint64_t end{};
};

[[noreturn]] void fail(const scenario::FlashFile& file, const std::string& what) {
  throw base::UsageError(fmt::format("{}: {}", file.where, what));
}

image::ProgramFile read(const scenario::FlashFile& file) {
  try {
    return image::read_program(file.file, file.at);
  } catch (const base::UsageError& error) {
    fail(file, error.what());
  }
}

void check_inside(const Placed& placed, simulator::MemoryRange flash) {
  if (placed.start >= flash.start && placed.end <= flash.end()) return;
  fail(*placed.file, fmt::format("{} goes to 0x{:08x} to 0x{:08x}, the flash is 0x{:08x} to "
                                 "0x{:08x}; link it for this flash, or write another 'at'",
                                 placed.file->file.string(), placed.start, placed.end - 1,
                                 flash.start, flash.end() - 1));
}

void check_apart(const Placed& placed, std::span<const Placed> others) {
  for (const Placed& other : others) {
    if (placed.start >= other.end || other.start >= placed.end) continue;
    fail(*placed.file, fmt::format("{} overlaps {}: both have bytes for 0x{:08x}; plant them apart",
                                   placed.file->file.string(), other.file->file.string(),
                                   std::max(placed.start, other.start)));
  }
}

void add_to_hash(base::Bytes& all, const image::Segment& segment) {
  base::append_be32(all, segment.address);
  const auto digest = base::sha256(segment.bytes);
  base::append(all, base::ByteView(digest));
}

// A stripped file is as good, it only leaves addresses without names.
void add_names(const scenario::FlashFile& file, Planted& planted) {
  planted.manifest.symbols.emplace(file.file.stem().string(), file.file);
  try {
    planted.code.emplace_back(file.file);
  } catch (const base::UsageError&) {
  }
}

}  // namespace

Planted plant(std::span<const scenario::FlashFile> files, simulator::MemoryRange flash) {
  Planted planted{.flash = base::Bytes(flash.size, 0xFF), .manifest = {}, .code = {}};
  std::vector<Placed> places;
  base::Bytes hashed;
  for (const scenario::FlashFile& file : files) {
    const image::ProgramFile program = read(file);
    for (const image::Segment& segment : program.segments) {
      const Placed placed{&file, segment.address,
                          std::uint64_t{segment.address} + segment.bytes.size()};
      check_inside(placed, flash);
      check_apart(placed, places);
      places.push_back(placed);
      std::ranges::copy(segment.bytes, planted.flash.begin() + (segment.address - flash.start));
      add_to_hash(hashed, segment);
    }
    if (program.elf) add_names(file, planted);
  }
  planted.manifest.name = files.front().file.stem().string();
  planted.manifest.hash = base::short_hash(hashed);
  return planted;
}

}  // namespace rig::board
