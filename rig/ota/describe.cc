#include "ota/describe.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace rig::ota {

namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = 900;

std::optional<unsigned> number(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto value = found->get<std::uint64_t>();
  if (value > 0xFFFF) return std::nullopt;
  return static_cast<unsigned>(value);
}

std::string text_or_empty(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<ModuleFunction> function(const json& object) {
  const std::string letter = text_or_empty(object, "f");
  if (letter == "b") return ModuleFunction::bootloader;
  if (letter == "s") return ModuleFunction::system;
  if (letter == "u") return ModuleFunction::user;
  return std::nullopt;
}

std::vector<Requirement> needs(const json& module) {
  std::vector<Requirement> all;
  const auto list = module.find("d");
  if (list == module.end() || !list->is_array()) return all;
  for (const json& dependency : *list) {
    if (!dependency.is_object()) continue;
    const auto needed = function(dependency);
    const auto version = number(dependency, "v");
    if (needed && version) all.push_back({*needed, static_cast<std::uint16_t>(*version)});
  }
  return all;
}

std::optional<DescribedModule> module_from(const json& object) {
  if (!object.is_object()) return std::nullopt;
  const auto is = function(object);
  const auto version = number(object, "v");
  const auto passed = number(object, "vv");
  if (!is || !version || !passed) return std::nullopt;
  return DescribedModule{.function = *is,
                         .version = static_cast<std::uint16_t>(*version),
                         .checked = number(object, "vc").value_or(kIntegrity | kDependencies),
                         .passed = *passed,
                         .needs = needs(object)};
}

std::string version_or_none(const Describe& describe, ModuleFunction function) {
  const DescribedModule* module = describe.module(function);
  return module == nullptr ? "none" : fmt::format("{}", module->version);
}

}  // namespace

const DescribedModule* Describe::module(ModuleFunction function) const {
  const auto found =
      std::find_if(modules.begin(), modules.end(),
                   [&](const DescribedModule& module) { return module.function == function; });
  return found == modules.end() ? nullptr : &*found;
}

bool Describe::meets(const Requirement& requirement) const {
  if (requirement.version == 0) return true;
  const DescribedModule* has_one = module(requirement.function);
  return has_one != nullptr && has_one->intact() && has_one->version >= requirement.version;
}

bool Describe::has(ModuleFunction function, std::uint16_t version) const {
  const DescribedModule* has_one = module(function);
  return has_one != nullptr && has_one->intact() && has_one->version == version;
}

std::optional<Describe> parse_describe(std::string_view text) {
  if (text.size() > kMostBytes) return std::nullopt;
  const json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return std::nullopt;
  const auto list = root.find("m");
  if (list == root.end() || !list->is_array()) return std::nullopt;
  Describe describe{.platform = number(root, "p").value_or(0),
                    .imei = text_or_empty(root, "imei"),
                    .iccid = text_or_empty(root, "iccid"),
                    .modules = {}};
  for (const json& object : *list) {
    if (auto module = module_from(object)) describe.modules.push_back(*std::move(module));
  }
  return describe;
}

std::string summary_of(const Describe& describe) {
  std::string text = fmt::format("user={} system={} bootloader={}",
                                 version_or_none(describe, ModuleFunction::user),
                                 version_or_none(describe, ModuleFunction::system),
                                 version_or_none(describe, ModuleFunction::bootloader));
  for (const DescribedModule& module : describe.modules) {
    for (const Requirement& needed : module.needs) {
      if (describe.meets(needed)) continue;
      text += fmt::format(" missing={}:{}", name_of(needed.function), needed.version);
    }
  }
  for (const DescribedModule& module : describe.modules) {
    if (!module.intact()) text += fmt::format(" corrupt={}", name_of(module.function));
  }
  return text;
}

}  // namespace rig::ota
