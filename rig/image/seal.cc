#include "image/seal.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "base/checksum.h"
#include "base/random.h"

namespace rig::image {

namespace {

std::size_t suffix_bytes(const SealOptions& options) {
  return options.product ? kProductSuffixBytes : kSuffixBytes;
}

std::size_t next_word(std::size_t bytes) { return (bytes + 3) & ~std::size_t{3}; }

ModuleError bad_request(std::string what) { return {ModuleFault::bad_request, std::move(what)}; }

std::optional<ModuleError> prefix_room(base::ByteView raw, std::size_t offset) {
  if (offset % 4 != 0) {
    return bad_request(fmt::format("prefix offset 0x{:x} is not a multiple of 4", offset));
  }
  if (raw.size() < offset + kPrefixBytes) {
    return ModuleError{ModuleFault::too_short,
                       fmt::format("{} bytes: too short for a prefix at 0x{:x}, which needs {}",
                                   raw.size(), offset, offset + kPrefixBytes)};
  }
  const base::ByteView room = raw.subspan(offset, kPrefixBytes);
  const bool uniform = std::all_of(room.begin(), room.end(),
                                   [&](std::uint8_t byte) { return byte == room.front(); });
  if (uniform && (room.front() == 0x00 || room.front() == 0xFF)) return std::nullopt;
  return ModuleError{
      ModuleFault::not_reserved,
      fmt::format("the 24 bytes at 0x{:x} are in use: the linker script must leave them 0x00 or "
                  "0xFF for the prefix (wrong --prefix-offset?)",
                  offset)};
}

std::optional<ModuleError> refusal(base::ByteView raw, const SealOptions& options) {
  if (options.dependencies.size() > 2) {
    return bad_request(
        fmt::format("{} dependencies: the prefix has room for two", options.dependencies.size()));
  }
  if (options.start_address % 4 != 0) {
    return bad_request(
        fmt::format("start address 0x{:08x} is not a multiple of 4", options.start_address));
  }
  if (options.pad_to % 4 != 0) {
    return bad_request(fmt::format("--pad-to {} is not a multiple of 4", options.pad_to));
  }
  const std::size_t needed = next_word(raw.size() + suffix_bytes(options));
  if (options.pad_to != 0 && options.pad_to < needed) {
    return bad_request(
        fmt::format("the module needs {} bytes before its CRC, more than the {} of "
                    "--pad-to",
                    needed, options.pad_to));
  }
  return prefix_room(raw, options.prefix_offset);
}

void write_prefix(base::Bytes& module, const SealOptions& options, std::uint32_t end_address) {
  const std::size_t at = options.prefix_offset;
  std::fill_n(module.begin() + static_cast<std::ptrdiff_t>(at), kPrefixBytes, std::uint8_t{0});
  base::write_le32(module, at, options.start_address);
  base::write_le32(module, at + 4, end_address);
  base::write_le16(module, at + 10, options.version);
  base::write_le16(module, at + 12, options.platform);
  module[at + 14] = static_cast<std::uint8_t>(options.function);
  module[at + 15] = options.index;
  std::size_t slot = at + 16;
  for (const Dependency& dependency : options.dependencies) {
    module[slot] = static_cast<std::uint8_t>(dependency.function);
    module[slot + 1] = dependency.index;
    base::write_le16(module, slot + 2, dependency.version);
    slot += 4;
  }
}

void pad(base::Bytes& module, const SealOptions& options) {
  const std::size_t suffix = suffix_bytes(options);
  if (options.pad_to == 0) {
    module.resize(next_word(module.size() + suffix) - suffix, 0xFF);
    return;
  }
  base::Random filler(base::derived_seed(options.version, name_of(options.function)));
  while (module.size() < options.pad_to - suffix) {
    module.push_back(static_cast<std::uint8_t>(filler.next()));
  }
}

// Suffix up to its hash; hash and CRC are written by write_checks().
void append_suffix(base::Bytes& module, const SealOptions& options) {
  const std::size_t at = module.size();
  const std::size_t bytes = suffix_bytes(options);
  module.resize(at + bytes + kCrcBytes);
  if (options.product) {
    base::write_le16(module, at, options.product->id);
    base::write_le16(module, at + 2, options.product->version);
  }
  base::write_le16(module, at + bytes - 2, static_cast<std::uint16_t>(bytes));
}

void write_checks(base::Bytes& module, std::size_t size) {
  const std::size_t crc_at = size - kCrcBytes;
  const std::size_t sha_at = crc_at - 2 - kShaBytes;
  const auto sha = base::sha256(base::ByteView(module).first(sha_at));
  std::copy(sha.begin(), sha.end(), module.begin() + static_cast<std::ptrdiff_t>(sha_at));
  base::write_be32(module, crc_at, base::crc32(base::ByteView(module).first(crc_at)));
}

}  // namespace

Result<base::Bytes> seal_module(base::Bytes raw, const SealOptions& options) {
  if (auto refused = refusal(raw, options)) return *std::move(refused);
  pad(raw, options);
  append_suffix(raw, options);
  const std::size_t end = raw.size() - kCrcBytes;
  if (end > std::numeric_limits<std::uint32_t>::max() - options.start_address) {
    return bad_request("the module would end beyond the 32-bit address space");
  }
  write_prefix(raw, options, options.start_address + static_cast<std::uint32_t>(end));
  write_checks(raw, raw.size());
  return raw;
}

Result<base::Bytes> reseal(base::Bytes module) {
  const Result<ModuleInfo> info = parse_module(module);
  if (!info) return info.error();
  if (!info->sha256) {
    return ModuleError{ModuleFault::bounds, "the suffix is of no known size (36 or 40 bytes)"};
  }
  write_checks(module, info->size);
  return module;
}

}  // namespace rig::image
