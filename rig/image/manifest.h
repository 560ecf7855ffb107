// One buildable product: which module files belong to it. The firmware build writes
// <firmware folder>/<name>.json; a scenario's `board.firmware` names it. Form:
//
//   { "name": "electron-0.7.0", "platform": 10, "board": "stm32f205",
//     "bootloader": "electron/bootloader-0.7.0.bin",
//     "system": {"0.6.4": "electron/system-0.6.4.bin", ...}, "installed_system": "0.6.4",
//     "user_app": {"v1": "electron/user-v1.bin", ...},
//     "factory": "electron/factory-plain.bin" or null,
//     "bootloaders": {"0.7.0": "electron/bootloader-0.7.0.bin", ...},
//     "boot_rom": "boot-rom.elf" or null or absent,
//     "symbols": {"bootloader": "electron/bootloader-0.7.0.elf",
//                 "system": {"0.6.4": "electron/system.elf", ...}} or absent }
//
// Paths are relative to the folder of the manifest. `bootloaders` are those an update may ship.
// `boot_rom` is the first code of a machine that does not start from the flash itself.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "image/flash_layout.h"
#include "image/module.h"

namespace rig::image {

struct ModuleFile {
  std::string path;  // for messages
  base::Bytes image;
  ModuleInfo info;
};
using ModuleFiles = std::map<std::string, ModuleFile>;  // by version text: "0.7.0", "v2"

struct Manifest {
  std::string name;
  std::uint16_t platform{};
  std::string board;  // what it is built for: a folder of firmware-under-test/boards; empty: untold
  ModuleFile bootloader;
  ModuleFiles systems;
  std::string installed_system;  // a key of `systems`
  ModuleFiles user_apps;
  std::optional<ModuleFile> factory;
  ModuleFiles bootloaders;
  std::filesystem::path boot_rom;  // empty: the machine needs none
  // ELF files of the installed modules by name ("bootloader", "system"); not checked here.
  std::map<std::string, std::filesystem::path> symbols;
  std::string hash;  // 12 hexadecimal digits over every image and the place it has here
};

// Reads the manifest and every module it names, and checks each: CRC, function, platform, that it
// starts where its slot starts and ends inside it, and that it has the version it is called by.
// Throws base::UsageError naming the file, what is wrong and what would be right.
[[nodiscard]] Manifest load_manifest(const std::filesystem::path& firmware_folder,
                                     std::string_view name);

// The names that load_manifest() would find there, sorted.
[[nodiscard]] std::vector<std::string> manifest_names(const std::filesystem::path& firmware_folder);

struct Placement {
  ModuleFunction function{ModuleFunction::user};
  std::uint16_t platform{kElectronPlatform};
  FlashRegion slot{kUserSlot};  // where it runs; a factory copy runs in the user slot
};
// Throws base::UsageError naming the file and the numbers.
void check_module(const ModuleFile& module, const Placement& placement);

// The module of that version; throws base::UsageError that lists what there is.
[[nodiscard]] const ModuleFile& module_named(const ModuleFiles& modules, std::string_view version,
                                             std::string_view what);

// "0.6.4" or "v2" as a module version; empty when the text is neither.
[[nodiscard]] std::optional<std::uint16_t> version_number(std::string_view text);

}  // namespace rig::image
