// Particle's module binary: what its 24-byte prefix, its suffix and its CRC say.
//
// Layout (little endian unless said), device-os `dynalib/inc/module_info.h`:
//   prefix, 24 bytes, at file offset 0 (user part), 0x184 (file starts with an STM32F2 vector
//   table: bootloader, first system part) or 0x200 (Gen 3):
//     +0  u32 module_start_address: address of the file's first byte
//     +4  u32 module_end_address: exclusive; the CRC word starts here
//     +8  u8 reserved, u8 flags, u16 module_version, u16 platform_id, u8 function, u8 index
//     +16 two dependencies, each u8 function, u8 index, u16 version; function 0: none
//   suffix, directly before the CRC word, read backwards:
//     u16 size of the suffix (36, or 40 with product fields), sha256[32], u16 reserved,
//     and, when the size is 40, u16 product_version and u16 product_id before that
//   CRC word, big endian: CRC-32 of every byte before it.
// The SHA-256 covers every byte before itself.
//
// A file may be longer than its module (padding behind the CRC word), never shorter.
#pragma once

#include <array>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace rig::image {

inline constexpr std::size_t kPrefixBytes = 24;
inline constexpr std::size_t kSuffixBytes = 36;
inline constexpr std::size_t kProductSuffixBytes = 40;
inline constexpr std::size_t kCrcBytes = 4;
inline constexpr std::size_t kShaBytes = 32;
// Where a prefix is looked for when it is at none of its usual offsets: 4-byte steps up to here.
inline constexpr std::size_t kPrefixScanBytes = 8192;

enum class ModuleFunction : std::uint8_t {
  none = 0,
  resource = 1,
  bootloader = 2,
  monolithic = 3,
  system = 4,
  user = 5,
  settings = 6,
  ncp_firmware = 7,
  radio_stack = 8,
  asset = 9,
};

struct Dependency {
  ModuleFunction function{ModuleFunction::none};
  std::uint8_t index{};
  std::uint16_t version{};
  bool operator==(const Dependency&) const = default;
};

struct Product {
  std::uint16_t id{};
  std::uint16_t version{};
  bool operator==(const Product&) const = default;
};

struct ModuleInfo {
  std::uint32_t start_address{};
  std::uint32_t end_address{};
  std::uint8_t flags{};
  std::uint16_t version{};
  std::uint16_t platform{};
  ModuleFunction function{ModuleFunction::none};
  std::uint8_t index{};
  std::vector<Dependency> dependencies;  // at most two, those that name a module
  std::size_t prefix_offset{};
  std::size_t size{};  // bytes of the module, CRC word included
  std::uint32_t stored_crc{};
  std::uint32_t computed_crc{};
  bool crc_ok{};
  // From the suffix; empty when the suffix is of neither known size.
  std::optional<std::array<std::uint8_t, kShaBytes>> sha256;
  bool sha256_ok{};
  std::optional<Product> product;
};

enum class ModuleFault : std::uint8_t {
  too_short,     // not even room for a prefix, a suffix and a CRC
  no_prefix,     // nothing that could be a prefix at any offset where one may be
  bounds,        // the prefix promises more bytes than there are, or a suffix cannot fit
  crc,           // only from verified_module()
  not_reserved,  // sealing: the linker script left no room for the prefix
  bad_request,   // sealing: values that cannot be written into the layout
  credentials,   // no credential block, more than one, or a text that does not fit
};

struct ModuleError {
  ModuleFault fault{};
  std::string what;  // complete but for the file's name
};

template <typename Value>
using Result = boost::system::result<Value, ModuleError>;

// Reads what the module says about itself. A wrong CRC or SHA-256 is data here (`crc_ok`). A prefix
// at an unusual offset is believed only when the CRC agrees with it.
[[nodiscard]] Result<ModuleInfo> parse_module(base::ByteView file);

// The same, and a wrong CRC is an error.
[[nodiscard]] Result<ModuleInfo> verified_module(base::ByteView file);

// "bootloader", "system", "user"...; "function-12" for numbers that Particle does not use.
[[nodiscard]] std::string name_of(ModuleFunction function);
// bootloader, system and user only: what this rig's products consist of.
[[nodiscard]] std::optional<ModuleFunction> function_named(std::string_view name);

// 604 -> "0.6.4": how system and bootloader count their versions (major*1000 + minor*100 + patch).
[[nodiscard]] std::string version_text(std::uint16_t version);

}  // namespace rig::image
