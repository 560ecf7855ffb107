// The module images that a server can push, and what it has to know about them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace rig::ota {

enum class ModuleFunction : std::uint8_t { bootloader = 2, system = 4, user = 5 };

struct CatalogueEntry {
  ModuleFunction function{};
  std::uint16_t version{};
  base::Bytes image{};  // as it is sent: prefix at its start or at 0x184, CRC at its end
};

using Catalogue = std::vector<CatalogueEntry>;

// What a module needs on the device before it runs: `version` or later.
struct Requirement {
  ModuleFunction function{};
  std::uint16_t version{};
  bool operator==(const Requirement&) const = default;
};

[[nodiscard]] std::string_view name_of(ModuleFunction function);
// "module=user ver=2", as events tell it.
[[nodiscard]] std::string module_text(const CatalogueEntry& entry);
[[nodiscard]] std::optional<ModuleFunction> function_numbered(unsigned number);

// Null when the catalogue has no such version.
[[nodiscard]] const CatalogueEntry* entry_of(const Catalogue& catalogue, ModuleFunction function,
                                             std::uint16_t version);

// The lowest version that meets the requirement; null when there is none.
[[nodiscard]] const CatalogueEntry* lowest_meeting(const Catalogue& catalogue,
                                                   const Requirement& requirement);

// From the prefix of the image; 0 and nothing when it has none, which the device will refuse.
[[nodiscard]] std::uint32_t start_address_of(const CatalogueEntry& entry);
[[nodiscard]] std::vector<Requirement> requirements_of(const CatalogueEntry& entry);

}  // namespace rig::ota
