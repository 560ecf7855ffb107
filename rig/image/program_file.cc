#include "image/program_file.h"

#include <fmt/format.h>
#include <gelf.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/rig_error.h"

namespace rig::image {
namespace {

namespace fs = std::filesystem;

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using UniqueElf = std::unique_ptr<Elf, EndElf>;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw base::UsageError(file.string() + ": " + what);
}

base::Bytes read_bytes(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  base::Bytes bytes(std::istreambuf_iterator<char>(stream), {});
  if (!stream.eof() && !stream) fail(file, "cannot be read");
  if (bytes.empty()) fail(file, "is empty or cannot be read");
  return bytes;
}

std::string_view machine_name(unsigned machine) {
  switch (machine) {
    case EM_386:
      return "x86";
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "AArch64";
    case EM_RISCV:
      return "RISC-V";
    case EM_XTENSA:
      return "Xtensa";
    default:
      return "another processor";
  }
}

void check_header(const fs::path& file, const GElf_Ehdr& header) {
  if (header.e_machine != EM_ARM) {
    fail(file, fmt::format("is an ELF file for {} (machine {}), not for ARM; name the output of an "
                           "arm-none-eabi toolchain",
                           machine_name(header.e_machine), header.e_machine));
  }
  if (header.e_type != ET_EXEC) {
    fail(file, "is an ELF file that is not linked to addresses; name the linker's output");
  }
}

struct Piece {
  std::uint64_t offset{};  // in the file
  std::uint64_t bytes{};
  std::uint64_t address{};  // where it is stored
};

Segment segment_of(const fs::path& file, const Piece& piece, const base::Bytes& bytes) {
  if (piece.offset > bytes.size() || piece.bytes > bytes.size() - piece.offset) {
    fail(file, "is cut off: what it loads ends behind the file");
  }
  const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(piece.offset);
  return {.address = static_cast<std::uint32_t>(piece.address),
          .bytes = {first, first + static_cast<std::ptrdiff_t>(piece.bytes)}};
}

std::vector<Piece> load_segments(const fs::path& file, Elf* elf) {
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) fail(file, "has a damaged program header table");
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header{};
    if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr) {
      fail(file, "has a damaged program header table");
    }
    if (header.p_type == PT_LOAD && header.p_filesz != 0) {
      pieces.push_back({header.p_offset, header.p_filesz, header.p_paddr});
    }
  }
  return pieces;
}

// What the linker stores, at its load address. A load segment may begin with the headers of the
// file, which nobody flashes: its sections say what belongs to the program. .bss has no bytes.
std::vector<Piece> loaded_sections(Elf* elf, const std::vector<Piece>& segments) {
  std::vector<Piece> pieces;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header{};
    if (gelf_getshdr(section, &header) == nullptr || (header.sh_flags & SHF_ALLOC) == 0 ||
        header.sh_type == SHT_NOBITS || header.sh_size == 0) {
      continue;
    }
    const auto within = std::ranges::find_if(segments, [&](const Piece& segment) {
      return header.sh_offset >= segment.offset &&
             header.sh_offset + header.sh_size <= segment.offset + segment.bytes;
    });
    if (within == segments.end()) continue;
    pieces.push_back(
        {header.sh_offset, header.sh_size, within->address + (header.sh_offset - within->offset)});
  }
  return pieces;
}

std::vector<Segment> segments_of(const fs::path& file, Elf* elf, const base::Bytes& bytes) {
  const std::vector<Piece> segments = load_segments(file, elf);
  if (segments.empty()) fail(file, "has no load segments; name the linker's output");
  const std::vector<Piece> sections = loaded_sections(elf, segments);
  std::vector<Segment> found;
  for (const Piece& piece : sections.empty() ? segments : sections) {
    found.push_back(segment_of(file, piece, bytes));
  }
  return found;
}

ProgramFile elf_program(const fs::path& file, base::Bytes& bytes) {
  elf_version(EV_CURRENT);
  const UniqueElf elf(elf_memory(reinterpret_cast<char*>(bytes.data()), bytes.size()));
  GElf_Ehdr header{};
  if (!elf || gelf_getehdr(elf.get(), &header) == nullptr) fail(file, "is a damaged ELF file");
  check_header(file, header);
  return {.elf = true, .segments = segments_of(file, elf.get(), bytes)};
}

bool is_elf(const base::Bytes& bytes) {
  return bytes.size() > SELFMAG && std::equal(ELFMAG, ELFMAG + SELFMAG, bytes.begin());
}

}  // namespace

ProgramFile read_program(const fs::path& file, std::optional<std::uint32_t> at) {
  base::Bytes bytes = read_bytes(file);
  if (is_elf(bytes)) {
    if (at) fail(file, "is an ELF file, which knows where it goes; leave 'at' out");
    return elf_program(file, bytes);
  }
  if (!at) fail(file, "is no ELF file; say where its bytes go: {file: .., at: 0x08000000}");
  return {.elf = false, .segments = {{.address = *at, .bytes = std::move(bytes)}}};
}

}  // namespace rig::image
