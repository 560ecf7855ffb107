#include "image/elf_symbols.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/rig_error.h"
#include "base/suggestion.h"

namespace rig::image {
namespace {

class File {
 public:
  explicit File(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using UniqueElf = std::unique_ptr<Elf, EndElf>;

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw base::UsageError(file.string() + ": " + what);
}

// Names of functions and variables; not of sections, files and the toolchain's marks ($t, $d).
bool is_wanted(const GElf_Sym& symbol, const std::string& name) {
  const auto type = GELF_ST_TYPE(symbol.st_info);
  return symbol.st_shndx != SHN_UNDEF && type != STT_SECTION && type != STT_FILE && !name.empty() &&
         name[0] != '$';
}

Symbol symbol_from(const GElf_Sym& found) {
  const bool function = GELF_ST_TYPE(found.st_info) == STT_FUNC;
  const auto address = static_cast<std::uint32_t>(found.st_value);
  return {.address = function ? address & ~1U : address,
          .size = static_cast<std::uint32_t>(found.st_size),
          .function = function};
}

// Calls `take` for every symbol of one table.
template <class Take>
void read_table(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, Take take) {
  Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return;
  const auto count = static_cast<int>(data->d_size / header.sh_entsize);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol{};
    if (gelf_getsym(data, i, &symbol) == nullptr) continue;
    const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (name != nullptr && is_wanted(symbol, name)) take(name, symbol);
  }
}

void add(std::vector<Symbol>& to, const Symbol& symbol) {
  if (std::ranges::find(to, symbol) == to.end()) to.push_back(symbol);
}

}  // namespace

ElfSymbols::ElfSymbols(std::filesystem::path file) : file_(std::move(file)) {
  const File opened(file_);
  if (opened.get() < 0) fail(file_, "cannot be opened; name the ELF file of the firmware");
  elf_version(EV_CURRENT);
  const UniqueElf elf(elf_begin(opened.get(), ELF_C_READ, nullptr));
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF || gelf_getclass(elf.get()) != ELFCLASS32) {
    fail(file_, "is no 32-bit ELF file; name the linker's output, not a .bin or .hex of it");
  }
  for (Elf_Scn* section = elf_nextscn(elf.get(), nullptr); section != nullptr;
       section = elf_nextscn(elf.get(), section)) {
    GElf_Shdr header{};
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_SYMTAB) continue;
    read_table(elf.get(), section, header, [this](const char* name, const GElf_Sym& symbol) {
      Named& named = symbols_[name];
      const bool local = GELF_ST_BIND(symbol.st_info) == STB_LOCAL;
      add(local ? named.local : named.global, symbol_from(symbol));
    });
  }
  if (symbols_.empty()) fail(file_, "has no symbols; name the file as it was before 'strip'");
}

Symbol ElfSymbols::at(const std::string& name) const {
  const auto found = symbols_.find(name);
  if (found == symbols_.end()) {
    std::vector<std::string> names;
    for (const auto& [each, symbols] : symbols_) names.push_back(each);
    fail(file_, fmt::format("has no symbol '{}'.{}", name, base::did_you_mean(name, names)));
  }
  const auto& [global, local] = found->second;
  const auto& candidates = global.empty() ? local : global;
  if (candidates.size() == 1) return candidates.front();
  std::string places;
  for (const Symbol& each : candidates) {
    places += fmt::format("{}{:#010x}", places.empty() ? "" : ", ", each.address);
  }
  fail(file_, fmt::format("has several symbols '{}': {}; write the address", name, places));
}

std::string ElfSymbols::function_around(std::uint32_t address) const {
  for (const auto& [name, named] : symbols_) {
    for (const auto* symbols : {&named.global, &named.local}) {
      for (const Symbol& symbol : *symbols) {
        if (!symbol.function || address - symbol.address >= symbol.size) continue;
        const std::uint32_t offset = address - symbol.address;
        return offset == 0 ? name : fmt::format("{}+0x{:x}", name, offset);
      }
    }
  }
  return {};
}

}  // namespace rig::image
