// Plants a product on the NOR file of an emcraft-sf2 and looks at it afterwards, for tests.
//
//   nor_tool plant FIRMWARE_FOLDER NAME NOR SYSTEM_VERSION
//                                     bootloader, that system and user application v1
//   nor_tool version NOR bootloader|system|user|factory
//                                     "700 ok", "700 bad", or "none" where no module stands
//   nor_tool erase NOR REGION         REGION as above; all its sectors become 0xFF
//   nor_tool scribble NOR REGION      instructions that do not exist, from behind the prefix on
//
// Exit 0, or 2 with one line that says what is wrong.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/rig_error.h"
#include "image/flash_layout.h"
#include "image/manifest.h"
#include "image/nor_image.h"
#include "image/provision.h"

namespace {

using namespace rig::image;
using rig::base::Bytes;
using rig::base::UsageError;

Bytes read_flash(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const Bytes nor(std::istreambuf_iterator<char>(file), {});
  if (nor.size() != kNorSize) throw UsageError(path + ": no NOR of 16 MB");
  return flash_in_nor(nor);
}

void write_flash(const std::string& path, const Bytes& flash) {
  const Bytes nor = nor_image(flash);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(nor.data()), static_cast<std::streamsize>(nor.size()));
  file.close();
  if (!file) throw UsageError(path + ": cannot be written");
}

FlashRegion region_named(const std::string& name) {
  static const std::map<std::string, FlashRegion> regions{{"bootloader", kBootloaderSlot},
                                                          {"system", kSystemSlot},
                                                          {"user", kUserSlot},
                                                          {"factory", kFactorySlot}};
  const auto found = regions.find(name);
  if (found == regions.end()) throw UsageError("no region '" + name + "'");
  return found->second;
}

std::span<std::uint8_t> part(Bytes& flash, const FlashRegion& region) {
  return std::span(flash).subspan(region.start - kFlash.start, region.size);
}

struct Planted {
  std::string folder;
  std::string name;
  std::string system;
};

void plant(const Planted& what, const std::string& nor) {
  const Manifest manifest = load_manifest(what.folder, what.name);
  write_flash(nor, assemble({.manifest = manifest, .system = what.system}).flash);
}

void print_version(const std::string& nor, const std::string& region) {
  Bytes flash = read_flash(nor);
  const auto module = parse_module(part(flash, region_named(region)));
  if (module) {
    fmt::print("{} {}\n", module->version, module->crc_ok ? "ok" : "bad");
  } else {
    fmt::print("none\n");
  }
}

void fill(const std::string& nor, const std::string& region, std::size_t from, std::uint8_t with) {
  Bytes flash = read_flash(nor);
  std::ranges::fill(part(flash, region_named(region)).subspan(from), with);
  write_flash(nor, flash);
}

void run(const std::vector<std::string>& words) {
  const auto is = [&](const char* verb, std::size_t count) {
    return words.size() == count && words[0] == verb;
  };
  constexpr std::size_t kBehindPrefix = 0x184 + kPrefixBytes;
  constexpr std::uint8_t kUndefined = 0xDE;  // 0xDEDE is "permanently undefined" in Thumb
  if (is("plant", 5)) return plant({words[1], words[2], words[4]}, words[3]);
  if (is("version", 3)) return print_version(words[1], words[2]);
  if (is("erase", 3)) return fill(words[1], words[2], 0, 0xFF);
  if (is("scribble", 3)) return fill(words[1], words[2], kBehindPrefix, kUndefined);
  throw UsageError("plant FOLDER NAME NOR SYSTEM | version, erase or scribble NOR REGION");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "nor_tool: {}\n", error.what());
    return 2;
  }
}
