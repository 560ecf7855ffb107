#include "ota/catalogue.h"

#include <fmt/format.h>

namespace rig::ota {

namespace {

// Prefix layout: rig/image/module.h. This module must not depend on rig_image, which knows files
// and whole products; it needs three fields of a module that the rig itself sealed.
constexpr std::size_t kPrefixBytes = 24;
constexpr std::size_t kFunctionAt = 14;

std::optional<std::size_t> prefix_offset(const CatalogueEntry& entry) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{0x184}}) {
    if (at + kPrefixBytes > entry.image.size()) break;
    const std::uint32_t start = base::read_le32(entry.image, at);
    const std::uint32_t end = base::read_le32(entry.image, at + 4);
    const auto function = static_cast<std::uint8_t>(entry.function);
    if (entry.image[at + kFunctionAt] == function && start < end) return at;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(ModuleFunction function) {
  switch (function) {
    case ModuleFunction::bootloader:
      return "bootloader";
    case ModuleFunction::system:
      return "system";
    case ModuleFunction::user:
      return "user";
  }
  return "unknown";
}

std::string module_text(const CatalogueEntry& entry) {
  return fmt::format("module={} ver={}", name_of(entry.function), entry.version);
}

std::optional<ModuleFunction> function_numbered(unsigned number) {
  for (const auto function :
       {ModuleFunction::bootloader, ModuleFunction::system, ModuleFunction::user}) {
    if (number == static_cast<unsigned>(function)) return function;
  }
  return std::nullopt;
}

const CatalogueEntry* entry_of(const Catalogue& catalogue, ModuleFunction function,
                               std::uint16_t version) {
  for (const CatalogueEntry& entry : catalogue) {
    if (entry.function == function && entry.version == version) return &entry;
  }
  return nullptr;
}

const CatalogueEntry* lowest_meeting(const Catalogue& catalogue, const Requirement& requirement) {
  const CatalogueEntry* lowest = nullptr;
  for (const CatalogueEntry& entry : catalogue) {
    if (entry.function != requirement.function || entry.version < requirement.version) continue;
    if (lowest == nullptr || entry.version < lowest->version) lowest = &entry;
  }
  return lowest;
}

std::uint32_t start_address_of(const CatalogueEntry& entry) {
  const auto at = prefix_offset(entry);
  return at ? base::read_le32(entry.image, *at) : 0;
}

std::vector<Requirement> requirements_of(const CatalogueEntry& entry) {
  std::vector<Requirement> needed;
  const auto at = prefix_offset(entry);
  if (!at) return needed;
  for (const std::size_t slot : {*at + 16, *at + 20}) {
    const auto function = function_numbered(entry.image[slot]);
    if (function) needed.push_back({*function, base::read_le16(entry.image, slot + 2)});
  }
  return needed;
}

}  // namespace rig::ota
