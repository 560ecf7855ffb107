// The include direction between the folders of rig/: what rig/CMakeLists.txt declares as
// rig_module(NAME NEEDS ...) is what the #include lines may use, and there is no way around in a
// ring.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "complaint.h"
#include "source_file.h"

namespace tidy {

struct Module {
  int line{};  // of its rig_module(
  std::set<std::string> needs;
};
using Modules = std::map<std::string, Module>;

inline constexpr std::string_view kModuleList = "rig/CMakeLists.txt";

[[nodiscard]] Modules modules_in(std::string_view cmake);

// Needs that name no module, rings, and a seam (power, console, probe, link) that needs another.
[[nodiscard]] Complaints check_modules(const Modules& modules);

// `file` lies below rig/. It may include its own folder's files and those of the modules that its
// module needs, directly or through others; a seam never includes another seam.
[[nodiscard]] Complaints check_includes(const SourceFile& file, const Modules& modules);

// The portable firmware knows no board and no product.
[[nodiscard]] Complaints check_firmware_includes(const SourceFile& file);

}  // namespace tidy
