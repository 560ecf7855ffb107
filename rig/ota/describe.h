// What a device says about its modules: the JSON text of DESCRIBE, after Particle's describe
// message (device-os v0.7.0, system/src/system_cloud_internal.cpp). At most 900 bytes:
//
//   {"p":10,"imei":"..","iccid":"..","m":[
//     {"f":"b","n":0,"v":700,"vc":30,"vv":30,"d":[]},
//     {"f":"s","n":1,"v":604,"vc":30,"vv":30,"d":[]},
//     {"f":"u","n":1,"v":2,"vc":30,"vv":26,"d":[{"f":"s","n":1,"v":700,"_":""}]}]}
//
// f: b bootloader, s system, u user; n index, v version, d dependencies. vc: which checks were
// made, vv: which of them passed. A module without a valid header is left out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ota/catalogue.h"

namespace rig::ota {

// Bits of vc and vv (module_info.h, module_validation_flags).
inline constexpr unsigned kIntegrity = 2;
inline constexpr unsigned kDependencies = 4;

struct DescribedModule {
  ModuleFunction function{};
  std::uint16_t version{};
  unsigned checked{};  // vc
  unsigned passed{};   // vv
  std::vector<Requirement> needs{};

  // Not known to be corrupt. An unmet dependency does not make a module less intact.
  [[nodiscard]] bool intact() const {
    return (passed & kIntegrity) != 0 || (checked & kIntegrity) == 0;
  }
  bool operator==(const DescribedModule&) const = default;
};

struct Describe {
  unsigned platform{};
  std::string imei{};
  std::string iccid{};
  std::vector<DescribedModule> modules{};

  // Null when the device has no such module with a valid header.
  [[nodiscard]] const DescribedModule* module(ModuleFunction function) const;
  // An intact module of that version or later; version 0 needs nothing.
  [[nodiscard]] bool meets(const Requirement& requirement) const;
  // An intact module of exactly that version.
  [[nodiscard]] bool has(ModuleFunction function, std::uint16_t version) const;
  bool operator==(const Describe&) const = default;
};

// Empty when the text is not such a describe; modules of other functions are skipped.
[[nodiscard]] std::optional<Describe> parse_describe(std::string_view text);

// "user=2 system=604 bootloader=700 missing=system:700"; "user=none", "corrupt=user".
[[nodiscard]] std::string summary_of(const Describe& describe);

}  // namespace rig::ota
