// The symbols of a firmware's ELF file: where in the target a function or a variable is, for cuts
// at an instruction or at an access to memory. 32-bit ELF, as every Cortex-M toolchain writes it;
// read with libelf.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rig::image {

struct Symbol {
  std::uint32_t address{};  // of a Thumb function: of its first instruction, without the Thumb bit
  std::uint32_t size{};     // bytes; 0: the file does not say
  bool function{false};
  bool operator==(const Symbol&) const = default;
};

class ElfSymbols {
 public:
  // Throws base::UsageError: it cannot be read, is no 32-bit ELF file, or has no symbols
  // (stripped).
  explicit ElfSymbols(std::filesystem::path file);

  // Throws base::UsageError: nobody has that name (tells the nearest), or several local symbols of
  // different files have it and no global one.
  [[nodiscard]] Symbol at(const std::string& name) const;
  // "erase_page+0x12": the function that has this address; empty: none has.
  [[nodiscard]] std::string function_around(std::uint32_t address) const;

 private:
  struct Named {
    std::vector<Symbol> global;
    std::vector<Symbol> local;
  };

  std::filesystem::path file_;
  std::map<std::string, Named> symbols_;
};

}  // namespace rig::image
