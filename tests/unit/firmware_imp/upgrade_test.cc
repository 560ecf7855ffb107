// Two passes over a plain connection: what is checked, what is programmed, what a failure costs.
#include <gtest/gtest.h>

#include "image/authentication.h"
#include "image/module.h"
#include "image/seal.h"
#include "unit/firmware_imp/fake_device.h"

namespace firmware_imp {
namespace {

// 520,000 bytes with the tag, as the field reports tell of.
constexpr std::size_t kModule = 520'000 - rig::image::kTagBytes;

Bytes module_of(std::uint16_t version) {
  Bytes raw(64, 0);
  const auto sealed = rig::image::seal_module(raw, {.function = rig::image::ModuleFunction::user,
                                                    .version = version,
                                                    .platform = 1805,
                                                    .start_address = FakeDevice::kOs,
                                                    .pad_to = kModule - 4});
  return sealed ? *sealed : Bytes{};
}

class Upgrade : public testing::Test {
 protected:
  void serve(const Bytes& body) { device.connections.push_back({.answer = response(body)}); }

  FakeDevice device;
  Bytes module = module_of(2);
  Bytes image = rig::image::authenticated(module);
};

TEST_F(Upgrade, FetchesTwiceThenProgramsWhatWasVerified) {
  ASSERT_EQ(image.size(), 520'000U);
  serve(image);
  serve(image);
  EXPECT_EQ(device.upgrade(2), "done");
  EXPECT_EQ(device.requests.size(), 2U);
  EXPECT_EQ(device.requests[0],
            "GET /imp/2 HTTP/1.1\r\nHost: upgrades.example.net\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(device.os(module.size()), module);
  EXPECT_EQ(device.erased_sectors, 4U);
  EXPECT_TRUE(device.said("upgrade verified pass=1 bytes=520000 of=520000"));
  EXPECT_TRUE(device.said("upgrade programmed pass=2 bytes=520000 of=520000"));
}

TEST_F(Upgrade, StoresNothingInTheFirstPass) {
  serve(image);
  EXPECT_EQ(device.upgrade(2), "no-server");  // for the second
  EXPECT_EQ(device.erased_sectors, 0U);
}

TEST_F(Upgrade, RefusesAnImageThatWasChangedOnTheWay) {
  Bytes changed = image;
  changed[300'000] ^= 1;
  serve(changed);
  EXPECT_EQ(device.upgrade(2), "image");
  EXPECT_TRUE(device.said("upgrade failed pass=1 bytes=520000 of=520000 reason=crc"));
  EXPECT_EQ(device.erased_sectors, 0U);
}

TEST_F(Upgrade, RefusesAnImageWhoseChecksumFitsButNotItsTag) {
  serve([&] {
    Bytes forged = module_of(3);
    forged.insert(forged.end(), image.end() - 32, image.end());
    return forged;
  }());
  EXPECT_EQ(device.upgrade(3), "image");
  EXPECT_TRUE(device.said("upgrade failed pass=1 bytes=520000 of=520000 reason=mac"));
}

// "No, you can't insert an image that fails verification the second time."
TEST_F(Upgrade, LeavesNoModuleWhenTheSecondStreamIsAnother) {
  Bytes other = module_of(3);
  other.insert(other.end(), image.end() - 32, image.end());
  serve(image);
  serve(other);
  EXPECT_EQ(device.upgrade(2), "image");
  EXPECT_EQ(device.os(4), Bytes(4, 0xFF));
  EXPECT_EQ(device.os(module.size()) == other, false);
}

TEST_F(Upgrade, StartsFromZeroWhenTheConnectionBreaks) {
  Bytes answer = response(image);
  answer.resize(answer.size() / 2);
  device.connections.push_back({.answer = answer});
  serve(image);
  EXPECT_EQ(device.upgrade(2), "closed");
  EXPECT_EQ(device.requests.size(), 1U);
  EXPECT_EQ(device.received, answer.size());
}

TEST_F(Upgrade, GoesOnWithRangeWhereItMayResume) {
  device.resumes = true;
  Bytes first = response(image);
  const std::size_t head = first.size() - image.size();
  first.resize(head + 200'000);
  device.connections.push_back({.answer = first});
  device.connections.push_back({.refused = true});
  device.connections.push_back({.answer = partial(image, 200'000)});
  serve(image);
  EXPECT_EQ(device.upgrade(2), "done");
  EXPECT_NE(device.requests.at(1).find("\r\nRange: bytes=200000-\r\n"), std::string::npos);
  EXPECT_EQ(device.os(module.size()), module);
}

TEST_F(Upgrade, RefusesAPartThatIsNotTheOneAskedFor) {
  device.resumes = true;
  Bytes first = response(image);
  first.resize(first.size() - 1000);
  device.connections.push_back({.answer = first});
  device.connections.push_back({.answer = partial(image, 100'000)});
  EXPECT_EQ(device.upgrade(2), "bad-answer");
}

TEST_F(Upgrade, EndsWithItsSessionHoweverMuchHasCome) {
  device.session_ms = 15 * 60 * 1000;
  // 40 bytes a second.
  device.connections.push_back({.answer = response(image), .per_kib = milliseconds(25'000)});
  EXPECT_EQ(device.upgrade(2), "timeout");
  EXPECT_NEAR(device.now_ms, 900'000, 25'000);
  EXPECT_NEAR(device.received, 36'000, 1'000);
}

TEST_F(Upgrade, ManagesTheSameWithPatience) {
  for (int pass = 0; pass < 2; ++pass) {
    device.connections.push_back({.answer = response(image), .per_kib = milliseconds(25'000)});
  }
  EXPECT_EQ(device.upgrade(2), "done");
  EXPECT_NEAR(device.now_ms / 3.6e6, 7.2, 0.1);  // hours
}

TEST_F(Upgrade, TakesSilenceForTheEnd) {
  Bytes answer = response(image);
  answer.resize(5000);
  device.connections.push_back({.answer = answer, .closes = false});
  EXPECT_EQ(device.upgrade(2), "stalled");
  EXPECT_NEAR(device.now_ms, 270'000, 2'000);
}

TEST_F(Upgrade, RefusesAnswersThatAreNoImage) {
  for (const char* answer :
       {"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope",
        "HTTP/1.1 200 OK\r\n\r\nno length",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://login/\r\nContent-Length: 0\r\n\r\n",
        "<html>captive portal</html>\n"}) {
    device.connections.push_back({.answer = rig::base::bytes_of(answer)});
    EXPECT_EQ(device.upgrade(2), "bad-answer") << answer;
  }
  EXPECT_EQ(device.erased_sectors, 0U);
}

class BlockByBlock : public Upgrade {
 protected:
  void SetUp() override { device.checks_blocks = true; }
  [[nodiscard]] Bytes damaged(std::size_t at) const {
    Bytes body = image;
    body[at] ^= 1;
    return body;
  }
};

TEST_F(BlockByBlock, ProgramsWhatTheFirstPassFoundRight) {
  serve(image);
  serve(image);
  EXPECT_EQ(device.upgrade(2), "done");
  EXPECT_EQ(device.requests.size(), 2U);
  EXPECT_EQ(device.os(module.size()), module);
}

TEST_F(BlockByBlock, ADamagedBlockCostsItselfAndNotTheImage) {
  for (const std::size_t at : {5UL, 300'000UL, image.size() - 1}) {
    const std::size_t block = at / 4096 * 4096;
    device.requests.clear();
    serve(image);
    serve(damaged(at));
    device.connections.push_back({.answer = block == 0 ? response(image) : partial(image, block)});
    EXPECT_EQ(device.upgrade(2), "done") << at;
    ASSERT_EQ(device.requests.size(), 3U);
    const std::string range = "\r\nRange: bytes=" + std::to_string(block) + "-\r\n";
    EXPECT_EQ(device.requests[2].find(range) != std::string::npos, block > 0);
    EXPECT_EQ(device.os(module.size()), module);
  }
  EXPECT_TRUE(device.said("upgrade block-again pass=2 bytes=299008 of=520000"));
}

TEST_F(BlockByBlock, AnotherImageIsNoticedBeforeAnyOfItIsInFlash) {
  serve(image);
  for (int i = 0; i < 5; ++i) serve(damaged(5));
  EXPECT_EQ(device.upgrade(2), "image");
  EXPECT_TRUE(device.said("upgrade failed pass=2 bytes=0 of=520000 reason=block"));
  EXPECT_EQ(device.connections.size(), 1U);  // once, and three times more
  EXPECT_EQ(device.erased_sectors, 0U);
}

TEST_F(BlockByBlock, WhatIsDamagedInTheFirstPassIsNoImage) {
  serve(damaged(300'000));
  EXPECT_EQ(device.upgrade(2), "image");
  EXPECT_TRUE(device.said("upgrade failed pass=1 bytes=520000 of=520000 reason=crc"));
}

TEST_F(BlockByBlock, GoesOnInTheMiddleOfABlockWhereItMayResume) {
  device.resumes = true;
  for (const std::size_t pass_bytes : {200'000UL, 199'000UL}) {
    Bytes part = response(image);
    part.resize(part.size() - image.size() + pass_bytes);
    device.connections.push_back({.answer = part});
    const std::size_t from = pass_bytes == 200'000 ? 200'000 : 199'000 / 4096 * 4096;
    device.connections.push_back({.answer = partial(image, from)});
  }
  EXPECT_EQ(device.upgrade(2), "done");
  EXPECT_EQ(device.os(module.size()), module);
}

// RFC 4231, test case 2: the two implementations agree with it, and so with each other.
TEST(Authentication, IsHmacSha256) {
  const Bytes key = rig::base::bytes_of("Jefe");
  const Bytes text = rig::base::bytes_of("what do ya want for nothing?");
  const auto tag = rig::image::hmac_sha256(key, text);
  EXPECT_EQ(tag[0], 0x5b);
  EXPECT_EQ(tag[1], 0xdc);
  EXPECT_EQ(tag[31], 0x43);
}

}  // namespace
}  // namespace firmware_imp
