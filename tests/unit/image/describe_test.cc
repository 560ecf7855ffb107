#include "image/describe.h"

#include <gtest/gtest.h>

#include "image/credentials.h"
#include "unit/image/handmade_module.h"

namespace rig::image {
namespace {

using testing::handmade_module;

TEST(DescribeImage, SaysEverythingInWordsAndInJson) {
  const auto module = set_credentials(handmade_module(testing::handmade_user(2, 700)),
                                      {.apn = "iot.example.net", .user = "", .password = ""});
  const auto shown = describe_image(*module);
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->sound);
  for (const char* part : {"function      user 1\n", "version       2\n", "platform      10\n",
                           "0x08080000 to 0x08080224", "needs         system 1 version 700 (0.7.0)",
                           "apn           iot.example.net\n", " ok\n"}) {
    EXPECT_NE(shown->text.find(part), std::string::npos) << part << "\n" << shown->text;
  }
  EXPECT_EQ(shown->json["function"], "user");
  EXPECT_EQ(shown->json["version"], 2);
  EXPECT_EQ(shown->json["start"], "0x08080000");
  EXPECT_EQ(shown->json["dependencies"][0]["version"], 700);
  EXPECT_EQ(shown->json["crc"]["ok"], true);
  EXPECT_EQ(shown->json["sha256"]["ok"], true);
  EXPECT_EQ(shown->json["apn"], "iot.example.net");
}

TEST(DescribeImage, WrongCrcIsDescribed) {
  base::Bytes module = handmade_module(testing::handmade_system(604));
  module[700] ^= 1;
  const auto shown = describe_image(module);
  ASSERT_TRUE(shown);
  EXPECT_FALSE(shown->sound);
  EXPECT_NE(shown->text.find("WRONG, the bytes give 0x"), std::string::npos) << shown->text;
  EXPECT_NE(shown->text.find("604 (0.6.4)"), std::string::npos);
  EXPECT_EQ(shown->json["crc"]["ok"], false);
}

TEST(DescribeImage, PaddingAndProductAreShown) {
  base::Bytes module = handmade_module({.product = true});
  module.resize(module.size() + 20);
  const auto shown = describe_image(module);
  ASSERT_TRUE(shown);
  EXPECT_NE(shown->text.find("20 bytes behind the CRC"), std::string::npos);
  EXPECT_NE(shown->text.find("321 version 7"), std::string::npos);
  EXPECT_EQ(shown->json["product"]["id"], 321);
}

TEST(DescribeImage, WhatIsNoModuleIsAnError) {
  EXPECT_EQ(describe_image(base::Bytes(10)).error().fault, ModuleFault::too_short);
}

}  // namespace
}  // namespace rig::image
