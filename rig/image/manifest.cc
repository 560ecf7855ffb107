#include "image/manifest.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/checksum.h"
#include "base/rig_error.h"

namespace rig::image {

namespace {

namespace fs = std::filesystem;
using base::UsageError;
using nlohmann::json;

constexpr std::string_view kBuildIt = "build the firmware (target `firmware`) first";

std::optional<base::Bytes> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path)) return std::nullopt;
  return base::Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::vector<std::string> keys_of(const ModuleFiles& modules) {
  std::vector<std::string> keys;
  for (const auto& [key, module] : modules) keys.push_back(key);
  return keys;
}

// One manifest file being read: knows its name for messages and its folder for module paths.
class Reader {
 public:
  Reader(fs::path folder, std::string_view name)
      : folder_(std::move(folder)), path_(folder_ / (std::string(name) + ".json")) {
    parse(name);
  }

  [[nodiscard]] Manifest read() const {
    Manifest manifest;
    manifest.name = text("name");
    manifest.platform = platform();
    if (root_.contains("board")) manifest.board = text("board");
    manifest.bootloader = module(text("bootloader"), placed(manifest, ModuleFunction::bootloader));
    manifest.systems = modules("system", placed(manifest, ModuleFunction::system));
    manifest.installed_system = text("installed_system");
    (void)module_named(manifest.systems, manifest.installed_system, path_.string() + ": system");
    manifest.user_apps = modules("user_app", placed(manifest, ModuleFunction::user));
    if (!value("factory").is_null()) {
      manifest.factory = module(text("factory"), placed(manifest, ModuleFunction::user));
    }
    manifest.bootloaders = modules("bootloaders", placed(manifest, ModuleFunction::bootloader));
    if (root_.contains("boot_rom") && !value("boot_rom").is_null()) {
      manifest.boot_rom = folder_ / text("boot_rom");
    }
    if (root_.contains("symbols")) manifest.symbols = symbols(manifest.installed_system);
    return manifest;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw UsageError(path_.string() + ": " + what);
  }

  void parse(std::string_view name) {
    const auto bytes = read_file(path_);
    if (!bytes) {
      const auto names = manifest_names(folder_);
      fail(fmt::format("no firmware '{}': {}", name,
                       names.empty() ? std::string(kBuildIt)
                                     : fmt::format("there is {}", fmt::join(names, ", "))));
    }
    try {
      root_ = json::parse(*bytes);
    } catch (const json::exception& error) {
      fail(fmt::format("not JSON: {}", error.what()));
    }
    if (!root_.is_object()) fail("wanted a JSON object");
  }

  [[nodiscard]] const json& value(const char* key) const {
    const auto found = root_.find(key);
    if (found == root_.end()) fail(fmt::format("\"{}\" is missing", key));
    return *found;
  }

  [[nodiscard]] std::string text(const char* key) const {
    const json& found = value(key);
    if (!found.is_string()) fail(fmt::format("\"{}\" must be a text", key));
    return found.get<std::string>();
  }

  [[nodiscard]] std::uint16_t platform() const {
    const json& found = value("platform");
    if (!found.is_number_unsigned() || found.get<std::uint64_t>() > 0xFFFF) {
      fail("\"platform\" must be a number, 0 to 65535");
    }
    return found.get<std::uint16_t>();
  }

  [[nodiscard]] static Placement placed(const Manifest& manifest, ModuleFunction function) {
    return {.function = function,
            .platform = manifest.platform,
            .slot = *slot_of(function, manifest.platform)};
  }

  [[nodiscard]] ModuleFile module(const std::string& relative, const Placement& placement) const {
    const fs::path path = folder_ / relative;
    auto image = read_file(path);
    if (!image) fail(fmt::format("{} is missing: {}", path.string(), kBuildIt));
    const auto info = parse_module(*image);
    if (!info) throw UsageError(path.string() + ": " + info.error().what);
    ModuleFile file{.path = path.string(), .image = std::move(*image), .info = *info};
    check_module(file, placement);
    return file;
  }

  [[nodiscard]] ModuleFiles modules(const char* key, const Placement& placement) const {
    const json& found = value(key);
    if (!found.is_object()) fail(fmt::format("\"{}\" must be an object, version to file", key));
    ModuleFiles files;
    for (const auto& [version, path] : found.items()) {
      if (!path.is_string()) fail(fmt::format("\"{}\": \"{}\" must be a file", key, version));
      ModuleFile file = module(path.get<std::string>(), placement);
      check_version(file, version);
      files.emplace(version, std::move(file));
    }
    return files;
  }

  // A module that has several versions names a file for each.
  [[nodiscard]] std::map<std::string, fs::path> symbols(const std::string& installed) const {
    const json& found = value("symbols");
    if (!found.is_object()) fail("\"symbols\" must be an object, module to ELF file");
    std::map<std::string, fs::path> files;
    for (const auto& [module, file] : found.items()) {
      const json& one = file.is_object() && file.contains(installed) ? file.at(installed) : file;
      if (!one.is_string()) fail(fmt::format("\"symbols\": \"{}\" must be a file", module));
      files[module] = folder_ / one.get<std::string>();
    }
    return files;
  }

  void check_version(const ModuleFile& file, const std::string& version) const {
    if (version_number(version) == file.info.version) return;
    fail(fmt::format("\"{}\" names {}, whose module version is {}", version, file.path,
                     file.info.version));
  }

  fs::path folder_;
  fs::path path_;
  json root_;
};

void add_to_hash(base::Bytes& all, std::string_view place, const ModuleFile& module) {
  base::append(all, place);
  const auto sha = base::sha256(module.image);
  base::append(all, base::ByteView(sha));
}

std::string hash_of(const Manifest& manifest) {
  base::Bytes all;
  add_to_hash(all, "bootloader", manifest.bootloader);
  for (const auto& [key, module] : manifest.systems) add_to_hash(all, "system " + key, module);
  for (const auto& [key, module] : manifest.user_apps) add_to_hash(all, "user " + key, module);
  for (const auto& [key, module] : manifest.bootloaders) add_to_hash(all, "ships " + key, module);
  if (manifest.factory) add_to_hash(all, "factory", *manifest.factory);
  base::append(all, manifest.installed_system);
  return base::short_hash(all);
}

// Empty unless the text is digits only and fits.
std::optional<unsigned> number_from(std::string_view text) {
  unsigned number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number > 0xFFFF) return std::nullopt;
  return number;
}

}  // namespace

Manifest load_manifest(const fs::path& firmware_folder, std::string_view name) {
  Manifest manifest = Reader(firmware_folder, name).read();
  manifest.hash = hash_of(manifest);
  return manifest;
}

std::vector<std::string> manifest_names(const fs::path& firmware_folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(firmware_folder, ignored)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void check_module(const ModuleFile& module, const Placement& placement) {
  const ModuleInfo& info = module.info;
  const auto fail = [&](const std::string& what) { throw UsageError(module.path + ": " + what); };
  if (info.function != placement.function) {
    fail(fmt::format("is a {} module, wanted a {} module", name_of(info.function),
                     name_of(placement.function)));
  }
  if (info.platform != placement.platform) {
    fail(fmt::format("is built for platform {}, the product is platform {}", info.platform,
                     placement.platform));
  }
  if (info.start_address != placement.slot.start) {
    fail(fmt::format("starts at 0x{:08x}, its slot at 0x{:08x}", info.start_address,
                     placement.slot.start));
  }
  if (info.size > placement.slot.size || module.image.size() > placement.slot.size) {
    fail(fmt::format("has {} bytes, its slot at 0x{:08x} only {}",
                     std::max(info.size, module.image.size()), placement.slot.start,
                     placement.slot.size));
  }
  if (!info.crc_ok) {
    fail(fmt::format("wrong CRC: the file says 0x{:08x}, its bytes give 0x{:08x}", info.stored_crc,
                     info.computed_crc));
  }
}

const ModuleFile& module_named(const ModuleFiles& modules, std::string_view version,
                               std::string_view what) {
  const auto found = modules.find(std::string(version));
  if (found != modules.end()) return found->second;
  throw UsageError(fmt::format("{} '{}' is not built: there is {}", what, version,
                               fmt::join(keys_of(modules), ", ")));
}

std::optional<std::uint16_t> version_number(std::string_view text) {
  std::optional<unsigned> number;
  if (text.starts_with('v')) {
    number = number_from(text.substr(1));
  } else {
    const std::size_t first = text.find('.');
    const std::size_t second = first == text.npos ? first : text.find('.', first + 1);
    if (second == text.npos) return std::nullopt;
    const auto major = number_from(text.substr(0, first));
    const auto minor = number_from(text.substr(first + 1, second - first - 1));
    const auto patch = number_from(text.substr(second + 1));
    if (!major || !minor || !patch || *minor > 9 || *patch > 99) return std::nullopt;
    number = *major * 1000 + *minor * 100 + *patch;
  }
  if (!number || *number > 0xFFFF) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

}  // namespace rig::image
