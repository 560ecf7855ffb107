#include "image/manifest.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"
#include "unit/image/product_folder.h"

namespace rig::image {
namespace {

using testing::handmade_module;
using testing::ProductFolder;

std::string refusal(const ProductFolder& folder, std::string_view name = "small") {
  try {
    (void)load_manifest(folder.path(), name);
    return "loaded";
  } catch (const base::UsageError& error) {
    return error.what();
  }
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(Manifest, NamesEveryModuleOfTheProduct) {
  const ProductFolder folder;
  const Manifest manifest = load_manifest(folder.path(), "small");
  EXPECT_EQ(manifest.name, "small");
  EXPECT_EQ(manifest.platform, 10);
  EXPECT_EQ(manifest.bootloader.info.version, 700);
  EXPECT_EQ(manifest.systems.at("0.7.0").info.version, 700);
  EXPECT_EQ(manifest.installed_system, "0.6.4");
  EXPECT_EQ(manifest.user_apps.at("v2").info.version, 2);
  ASSERT_TRUE(manifest.factory);
  EXPECT_EQ(manifest.factory->info.version, 0);
  EXPECT_EQ(manifest.bootloaders.at("2.0.0").info.version, 2000);
  EXPECT_EQ(manifest.hash.size(), 12u);
  EXPECT_EQ(manifest_names(folder.path()), std::vector<std::string>{"small"});
}

TEST(Manifest, HashChangesWithAnyImageAndWithItsPlace) {
  ProductFolder folder;
  const std::string before = load_manifest(folder.path(), "small").hash;
  EXPECT_EQ(load_manifest(folder.path(), "small").hash, before);
  folder.write("factory.bin", handmade_module({.version = 0, .filling = 0x5B}));
  const std::string other_factory = load_manifest(folder.path(), "small").hash;
  EXPECT_NE(other_factory, before);
  folder.manifest["installed_system"] = "0.7.0";
  folder.write_manifest();
  EXPECT_NE(load_manifest(folder.path(), "small").hash, other_factory);
}

TEST(Manifest, NoFactoryImageIsFine) {
  ProductFolder folder;
  folder.manifest["factory"] = nullptr;
  folder.write_manifest();
  EXPECT_FALSE(load_manifest(folder.path(), "small").factory);
}

TEST(Manifest, UnknownProductListsWhatThereIs) {
  const ProductFolder folder;
  const std::string text = refusal(folder, "electron-9");
  EXPECT_SAYS(text, "electron-9.json: no firmware 'electron-9'");
  EXPECT_SAYS(text, "there is small");
}

TEST(Manifest, NoFirmwareAtAllSaysToBuildIt) {
  try {
    (void)load_manifest("/nonexistent/firmware", "electron-0.7.0");
    FAIL();
  } catch (const base::UsageError& error) {
    EXPECT_SAYS(std::string(error.what()), "build the firmware");
  }
}

TEST(Manifest, MissingModuleSaysToBuildIt) {
  ProductFolder folder;
  folder.manifest["user_app"]["v3"] = "electron/user-v3.bin";
  folder.write_manifest();
  const std::string text = refusal(folder);
  EXPECT_SAYS(text, "user-v3.bin is missing");
  EXPECT_SAYS(text, "build the firmware");
}

TEST(Manifest, DefectsOfTheFileItself) {
  ProductFolder folder;
  folder.write_text("{\"name\": ");
  EXPECT_SAYS(refusal(folder), "small.json: not JSON");
  EXPECT_SAYS(refusal(folder), "line 1");
  folder.write_text("[]");
  EXPECT_SAYS(refusal(folder), "wanted a JSON object");

  const auto changed = [&](const char* key, const nlohmann::json& value) {
    ProductFolder other;
    other.manifest[key] = value;
    other.write_manifest();
    return refusal(other);
  };
  EXPECT_SAYS(changed("platform", "ten"), "\"platform\" must be a number");
  EXPECT_SAYS(changed("platform", 70000), "\"platform\" must be a number");
  EXPECT_SAYS(changed("bootloader", 7), "\"bootloader\" must be a text");
  EXPECT_SAYS(changed("system", "x"), "\"system\" must be an object");
  EXPECT_SAYS(changed("user_app", {{"v1", 1}}), "\"v1\" must be a file");
  EXPECT_SAYS(changed("installed_system", "9.9.9"), "'9.9.9' is not built: there is 0.6.4, 0.7.0");
  folder.manifest.erase("bootloaders");
  folder.write_manifest();
  EXPECT_SAYS(refusal(folder), "\"bootloaders\" is missing");
}

TEST(Manifest, WrongCrcNamesTheFileAndBothNumbers) {
  const ProductFolder folder;
  base::Bytes broken = handmade_module(testing::handmade_user(2, 700));
  broken[400] ^= 1;
  folder.write("user-v2.bin", broken);
  EXPECT_SAYS(refusal(folder), "user-v2.bin: wrong CRC: the file says 0x");
}

TEST(Manifest, ModuleForAnotherPlatform) {
  const ProductFolder folder;
  auto other = testing::handmade_user(2, 700);
  other.platform = 6;
  folder.write("user-v2.bin", handmade_module(other));
  EXPECT_SAYS(refusal(folder), "user-v2.bin: is built for platform 6, the product is platform 10");
}

TEST(Manifest, ModuleLargerThanItsSlot) {
  const ProductFolder folder;
  auto large = testing::handmade_bootloader(700);
  large.body = 16 * 1024;
  folder.write("bootloader.bin", handmade_module(large));
  EXPECT_SAYS(refusal(folder), "has 16424 bytes, its slot at 0x08000000 only 16384");
}

TEST(Manifest, ModuleInAnotherPlaceOrOfAnotherKind) {
  const ProductFolder folder;
  auto moved = testing::handmade_user(2, 700);
  moved.start = 0x080A0000;
  folder.write("user-v2.bin", handmade_module(moved));
  EXPECT_SAYS(refusal(folder), "starts at 0x080a0000, its slot at 0x08080000");
  folder.write("user-v2.bin", handmade_module(testing::handmade_system(700)));
  EXPECT_SAYS(refusal(folder), "is a system module, wanted a user module");
}

TEST(Manifest, VersionMustBeTheOneItIsCalledBy) {
  const ProductFolder folder;
  folder.write("system-new.bin", handmade_module(testing::handmade_system(701)));
  EXPECT_SAYS(refusal(folder), "\"0.7.0\" names");
  EXPECT_SAYS(refusal(folder), "whose module version is 701");
}

TEST(Manifest, FileThatIsNoModule) {
  const ProductFolder folder;
  folder.write("user-v1.bin", base::Bytes(2000, 0x77));
  EXPECT_SAYS(refusal(folder), "user-v1.bin: no module prefix");
}

TEST(Manifest, VersionTexts) {
  EXPECT_EQ(version_number("0.6.4"), 604);
  EXPECT_EQ(version_number("2.0.0"), 2000);
  EXPECT_EQ(version_number("2.3.1"), 2301);
  EXPECT_EQ(version_number("v2"), 2);
  for (const char* wrong : {"", "v", "2", "0.7", "0.7.0.1", "0.10.0", "0.7.100", "v70000", "v-1"}) {
    EXPECT_EQ(version_number(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace rig::image
