// A firmware folder with one small product in it, in a temporary folder of its own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "unit/image/handmade_module.h"

namespace rig::image::testing {

class ProductFolder {
 public:
  ProductFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "otarig-image-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(path_ / "electron");
    write("bootloader.bin", handmade_module(handmade_bootloader(700)));
    write("bootloader-2.bin", handmade_module(handmade_bootloader(2000)));
    write("system-old.bin", handmade_module(handmade_system(604)));
    write("system-new.bin", handmade_module(handmade_system(700)));
    write("user-v1.bin", handmade_module(handmade_user(1, 604)));
    write("user-v2.bin", handmade_module(handmade_user(2, 700)));
    write("factory.bin", handmade_module({.version = 0, .needs_version = 604}));
    manifest = {
        {"name", "small"},
        {"platform", 10},
        {"bootloader", "electron/bootloader.bin"},
        {"system", {{"0.6.4", "electron/system-old.bin"}, {"0.7.0", "electron/system-new.bin"}}},
        {"installed_system", "0.6.4"},
        {"user_app", {{"v1", "electron/user-v1.bin"}, {"v2", "electron/user-v2.bin"}}},
        {"factory", "electron/factory.bin"},
        {"bootloaders", {{"2.0.0", "electron/bootloader-2.bin"}}}};
    write_manifest();
  }
  ~ProductFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ProductFolder(const ProductFolder&) = delete;
  ProductFolder& operator=(const ProductFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  void write(const std::string& name, const base::Bytes& bytes) const {
    std::ofstream(path_ / "electron" / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  }
  void write_manifest() const { write_text(manifest.dump(2)); }
  void write_text(const std::string& text) const { std::ofstream(path_ / "small.json") << text; }

  nlohmann::json manifest;

 private:
  std::filesystem::path path_;
};

}  // namespace rig::image::testing
