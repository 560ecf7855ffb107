#include "image/provision.h"

#include <gtest/gtest.h>

#include "base/rig_error.h"
#include "unit/image/product_folder.h"

namespace rig::image {
namespace {

using testing::handmade_module;
using testing::ProductFolder;

base::Bytes flash_part(const base::Bytes& flash, const FlashRegion& region, std::size_t bytes) {
  const auto begin = flash.begin() + (region.start - kFlash.start);
  return base::Bytes(begin, begin + static_cast<std::ptrdiff_t>(bytes));
}

std::string refusal(const ProvisionOptions& options) {
  try {
    (void)assemble(options);
    return "assembled";
  } catch (const base::UsageError& error) {
    return error.what();
  }
}

TEST(Provision, EveryModuleIsInItsSlotAndNothingElseIs) {
  const ProductFolder folder;
  const Manifest manifest = load_manifest(folder.path(), "small");
  const auto made = assemble({.manifest = manifest,
                              .user_app = "v1",
                              .credentials = {.apn = "iot.example.net"},
                              .system = {}});
  ASSERT_EQ(made.flash.size(), 1024u * 1024);
  const base::Bytes bootloader = handmade_module(testing::handmade_bootloader(700));
  const base::Bytes system = handmade_module(testing::handmade_system(604));
  EXPECT_EQ(flash_part(made.flash, kBootloaderSlot, bootloader.size()), bootloader);
  EXPECT_EQ(flash_part(made.flash, kSystemSlot, system.size()), system);

  const auto user = verified_module(flash_part(made.flash, kUserSlot, 552));
  ASSERT_TRUE(user) << user.error().what;
  EXPECT_EQ(user->version, 1);
  EXPECT_EQ(credentials_of(flash_part(made.flash, kUserSlot, 552))->apn, "iot.example.net");
  const auto factory = verified_module(flash_part(made.flash, kFactorySlot, 552));
  ASSERT_TRUE(factory);
  EXPECT_EQ(factory->version, 0);

  EXPECT_EQ(flash_part(made.flash, kConfiguration, kConfiguration.size),
            base::Bytes(kConfiguration.size, 0xFF));
  EXPECT_EQ(flash_part(made.flash, kScratch, kScratch.size), base::Bytes(kScratch.size, 0xFF));
  EXPECT_EQ(made.summary,
            "bootloader=0.7.0 system=0.6.4 user=v1 factory=present apn=iot.example.net");
}

TEST(Provision, FactoryImageWithACredentialBlockGetsThemToo) {
  const ProductFolder folder;
  auto factory = testing::handmade_user(0, 604);
  folder.write("factory.bin", handmade_module(factory));
  const Manifest manifest = load_manifest(folder.path(), "small");
  const auto made = assemble({.manifest = manifest,
                              .user_app = "v1",
                              .credentials = {.apn = "iot.example.net"},
                              .system = {}});
  EXPECT_EQ(credentials_of(flash_part(made.flash, kFactorySlot, 552))->apn, "iot.example.net");
}

TEST(Provision, AnotherSystemOnRequest) {
  const ProductFolder folder;
  const Manifest manifest = load_manifest(folder.path(), "small");
  const auto made =
      assemble({.manifest = manifest, .user_app = "v2", .credentials = {}, .system = "0.7.0"});
  EXPECT_EQ(made.summary, "bootloader=0.7.0 system=0.7.0 user=v2 factory=present apn=none");
}

TEST(Provision, WhatIsNotBuiltIsNamed) {
  const ProductFolder folder;
  const Manifest manifest = load_manifest(folder.path(), "small");
  EXPECT_EQ(refusal({.manifest = manifest, .user_app = "v9", .credentials = {}, .system = {}}),
            "user application 'v9' is not built: there is v1, v2");
  EXPECT_EQ(refusal({.manifest = manifest, .user_app = "v1", .credentials = {}, .system = "9.9.9"}),
            "system '9.9.9' is not built: there is 0.6.4, 0.7.0");
}

TEST(Provision, DamageAfterLoadingIsStillSeen) {
  const ProductFolder folder;
  Manifest manifest = load_manifest(folder.path(), "small");
  manifest.systems.at("0.6.4").info.crc_ok = false;
  EXPECT_NE(refusal({.manifest = manifest, .credentials = {}, .system = {}}).find("wrong CRC"),
            std::string::npos);
}

TEST(Provision, CredentialsThatDoNotFitNameTheFile) {
  const ProductFolder folder;
  const Manifest manifest = load_manifest(folder.path(), "small");
  const std::string text = refusal({.manifest = manifest,
                                    .user_app = "v1",
                                    .credentials = {.apn = std::string(80, 'x')},
                                    .system = {}});
  EXPECT_NE(text.find("user-v1.bin: the apn has 80 characters"), std::string::npos) << text;
}

}  // namespace
}  // namespace rig::image
