#include "image/credentials.h"

#include <gtest/gtest.h>

#include "unit/image/handmade_module.h"

namespace rig::image {
namespace {

using testing::handmade_module;
using testing::handmade_user;

const Credentials kThirdParty{.apn = "iot.example.net", .user = "thing", .password = "secret"};

std::string refusal(base::Bytes module, const Credentials& credentials) {
  const auto patched = set_credentials(std::move(module), credentials);
  if (patched) return "patched";
  EXPECT_EQ(patched.error().fault, ModuleFault::credentials);
  return patched.error().what;
}

TEST(Credentials, AreWrittenAndTheModuleStaysSound) {
  const auto patched = set_credentials(handmade_module(handmade_user(1, 604)), kThirdParty);
  ASSERT_TRUE(patched) << patched.error().what;
  const auto info = verified_module(*patched);
  ASSERT_TRUE(info);
  EXPECT_TRUE(info->sha256_ok);
  EXPECT_EQ(credentials_of(*patched), kThirdParty);
  const auto text = base::as_text(base::ByteView(*patched).subspan(64 + 8, 16));
  EXPECT_EQ(text, std::string_view("iot.example.net\0", 16));
}

TEST(Credentials, ShorterTextLeavesNothingOfTheLongerOne) {
  auto patched = set_credentials(handmade_module(handmade_user(1, 604)), kThirdParty);
  patched = set_credentials(*patched, {});
  ASSERT_TRUE(patched);
  EXPECT_EQ(*patched, handmade_module(handmade_user(1, 604)));
}

TEST(Credentials, LongestTextsFitAndOneMoreDoesNot) {
  const base::Bytes module = handmade_module(handmade_user(1, 604));
  const Credentials longest{
      .apn = std::string(63, 'a'), .user = std::string(31, 'u'), .password = std::string(31, 'p')};
  EXPECT_EQ(credentials_of(*set_credentials(module, longest)), longest);
  EXPECT_EQ(refusal(module, {.apn = std::string(64, 'a'), .user = "", .password = ""}),
            "the apn has 64 characters, the image has room for 63");
  EXPECT_NE(refusal(module, {.apn = "", .user = std::string(32, 'u'), .password = ""})
                .find("the user has 32"),
            std::string::npos);
}

TEST(Credentials, CharactersThatWouldBreakAnAtCommandAreRefused) {
  const base::Bytes module = handmade_module(handmade_user(1, 604));
  for (const char* apn : {"a b", "a\"b", "a\\b", "a\rb", "caf\xc3\xa9"}) {
    EXPECT_NE(refusal(module, {.apn = apn, .user = "", .password = ""}).find("quotation mark"),
              std::string::npos);
  }
}

TEST(Credentials, ImageWithoutOrWithTwoBlocksIsRefused) {
  EXPECT_NE(refusal(handmade_module(), kThirdParty).find("0 credential blocks"), std::string::npos);
  base::Bytes twice = handmade_module(handmade_user(1, 604));
  std::copy_n(twice.begin() + 64, 144, twice.begin() + 256);
  EXPECT_NE(refusal(twice, kThirdParty).find("2 credential blocks"), std::string::npos);
  EXPECT_FALSE(credentials_of(twice));
  EXPECT_TRUE(has_credential_block(twice));
}

}  // namespace
}  // namespace rig::image
