#include "image/module.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>

#include "base/checksum.h"

namespace rig::image {

namespace {

constexpr std::array<std::size_t, 3> kUsualOffsets{0, 0x184, 0x200};
constexpr std::size_t kSmallestModule = kPrefixBytes + kSuffixBytes + kCrcBytes;
// No product of this family has more flash; a larger size is code that looks like a prefix.
constexpr std::uint32_t kLargestModule = 16u << 20;

std::uint32_t span_of(const ModuleInfo& info) { return info.end_address - info.start_address; }

bool plausible(const ModuleInfo& info) {
  const auto function = static_cast<std::uint8_t>(info.function);
  return function >= 1 && function <= 9 && info.end_address > info.start_address &&
         span_of(info) < kLargestModule && info.start_address % 4 == 0;
}

Dependency read_dependency(base::ByteView file, std::size_t at) {
  return {.function = static_cast<ModuleFunction>(file[at]),
          .index = file[at + 1],
          .version = base::read_le16(file, at + 2)};
}

ModuleInfo read_prefix(base::ByteView file, std::size_t at) {
  ModuleInfo info;
  info.start_address = base::read_le32(file, at);
  info.end_address = base::read_le32(file, at + 4);
  info.flags = file[at + 9];
  info.version = base::read_le16(file, at + 10);
  info.platform = base::read_le16(file, at + 12);
  info.function = static_cast<ModuleFunction>(file[at + 14]);
  info.index = file[at + 15];
  for (const std::size_t offset : {at + 16, at + 20}) {
    const Dependency dependency = read_dependency(file, offset);
    if (dependency.function != ModuleFunction::none) info.dependencies.push_back(dependency);
  }
  info.prefix_offset = at;
  info.size = span_of(info) + kCrcBytes;
  return info;
}

bool fits(const ModuleInfo& info, std::size_t file_bytes) {
  return info.size <= file_bytes &&
         info.size >= info.prefix_offset + kPrefixBytes + kSuffixBytes + kCrcBytes;
}

void read_checks(ModuleInfo& info, base::ByteView file) {
  const std::size_t end = info.size - kCrcBytes;
  info.stored_crc = base::read_be32(file, end);
  info.computed_crc = base::crc32(file.first(end));
  info.crc_ok = info.stored_crc == info.computed_crc;
}

void read_suffix(ModuleInfo& info, base::ByteView file) {
  const std::size_t end = info.size - kCrcBytes;
  const std::size_t suffix_size = base::read_le16(file, end - 2);
  if (suffix_size != kSuffixBytes && suffix_size != kProductSuffixBytes) return;
  const std::size_t sha_at = end - 2 - kShaBytes;
  auto& sha = info.sha256.emplace();
  std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(sha_at), kShaBytes, sha.begin());
  info.sha256_ok = sha == base::sha256(file.first(sha_at));
  if (suffix_size == kProductSuffixBytes) {
    info.product = Product{.id = base::read_le16(file, end - kProductSuffixBytes),
                           .version = base::read_le16(file, end - kProductSuffixBytes + 2)};
  }
}

ModuleError bounds_error(const ModuleInfo& info, std::size_t file_bytes) {
  if (info.size > file_bytes) {
    return {ModuleFault::bounds,
            fmt::format("the prefix at 0x{:x} says 0x{:08x}..0x{:08x}, which is {} bytes with the "
                        "CRC, but the file has only {}: it is truncated",
                        info.prefix_offset, info.start_address, info.end_address, info.size,
                        file_bytes)};
  }
  return {ModuleFault::bounds,
          fmt::format("the prefix at 0x{:x} says 0x{:08x}..0x{:08x}, which leaves no room for "
                      "the prefix, the suffix and the CRC",
                      info.prefix_offset, info.start_address, info.end_address)};
}

std::optional<ModuleInfo> scan_for_prefix(base::ByteView file) {
  const std::size_t end = std::min(kPrefixScanBytes, file.size() - kPrefixBytes);
  for (std::size_t at = 0; at <= end; at += 4) {
    ModuleInfo info = read_prefix(file, at);
    if (!plausible(info) || !fits(info, file.size())) continue;
    read_checks(info, file);
    if (info.crc_ok) return info;
  }
  return std::nullopt;
}

Result<ModuleInfo> find_prefix(base::ByteView file) {
  std::optional<ModuleInfo> misfit;
  for (const std::size_t at : kUsualOffsets) {
    if (at + kPrefixBytes > file.size()) break;
    ModuleInfo info = read_prefix(file, at);
    if (!plausible(info)) continue;
    if (fits(info, file.size())) return info;
    if (!misfit) misfit = info;
  }
  if (const auto scanned = scan_for_prefix(file)) return *scanned;
  if (misfit) return bounds_error(*misfit, file.size());
  return ModuleError{ModuleFault::no_prefix,
                     "no module prefix at offset 0, 0x184 or 0x200, nor anywhere in the first 8 "
                     "KiB: not a module binary (an .elf or a raw .bin that was not sealed?)"};
}

}  // namespace

Result<ModuleInfo> parse_module(base::ByteView file) {
  if (file.size() < kSmallestModule) {
    return ModuleError{ModuleFault::too_short,
                       fmt::format("{} bytes: the smallest module has {} (prefix, suffix, CRC)",
                                   file.size(), kSmallestModule)};
  }
  Result<ModuleInfo> found = find_prefix(file);
  if (!found) return found;
  read_checks(*found, file);
  read_suffix(*found, file);
  return found;
}

Result<ModuleInfo> verified_module(base::ByteView file) {
  Result<ModuleInfo> parsed = parse_module(file);
  if (parsed && !parsed->crc_ok) {
    return ModuleError{ModuleFault::crc,
                       fmt::format("wrong CRC: the file says 0x{:08x}, its bytes give 0x{:08x}",
                                   parsed->stored_crc, parsed->computed_crc)};
  }
  return parsed;
}

std::string name_of(ModuleFunction function) {
  static constexpr std::array<std::string_view, 10> kNames{
      "none", "resource", "bootloader",   "monolithic",  "system",
      "user", "settings", "ncp-firmware", "radio-stack", "asset"};
  const auto number = static_cast<std::size_t>(function);
  return number < kNames.size() ? std::string(kNames[number]) : fmt::format("function-{}", number);
}

std::optional<ModuleFunction> function_named(std::string_view name) {
  for (const auto function :
       {ModuleFunction::bootloader, ModuleFunction::system, ModuleFunction::user}) {
    if (name == name_of(function)) return function;
  }
  return std::nullopt;
}

std::string version_text(std::uint16_t version) {
  return fmt::format("{}.{}.{}", version / 1000, version / 100 % 10, version % 100);
}

}  // namespace rig::image
