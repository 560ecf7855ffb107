// Checksums against published values.

#include "base/checksum.h"

#include <gtest/gtest.h>

namespace rig::base {
namespace {

// The check value of CRC-32/ISO-HDLC.
TEST(Crc32, HasItsCheckValue) { EXPECT_EQ(crc32(bytes_of("123456789")), 0xCBF43926U); }

TEST(Crc32, OfNothingIsZero) { EXPECT_EQ(crc32({}), 0U); }

TEST(Crc32, SeesEveryBit) {
  Bytes bytes(64, 0xA5);
  const std::uint32_t good = crc32(bytes);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_NE(crc32(bytes), good) << "bit " << bit;
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
}

// FIPS 180-2, appendix B.1.
TEST(Sha256, HasItsTestVector) {
  EXPECT_EQ(short_hash(bytes_of("abc"), 64),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// The same, appendix B.2: more than one block.
TEST(Sha256, HasItsLongTestVector) {
  EXPECT_EQ(short_hash(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), 64),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, ComesAsBytesInOrder) {
  const auto digest = sha256(bytes_of("abc"));
  EXPECT_EQ(digest.front(), 0xBA);
  EXPECT_EQ(digest.back(), 0xAD);
}

TEST(ShortHash, IsThePrefixOfTheWhole) {
  const Bytes bytes = bytes_of("abc");
  EXPECT_EQ(short_hash(bytes), "ba7816bf8f01");
  EXPECT_EQ(short_hash(bytes, 1), "b");
  EXPECT_EQ(short_hash(bytes, 0), "");
  EXPECT_EQ(short_hash(bytes, 1000).size(), 64U);
}

}  // namespace
}  // namespace rig::base
