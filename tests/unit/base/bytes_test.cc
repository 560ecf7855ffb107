// Integers in byte buffers, in either byte order, at any alignment.

#include "base/bytes.h"

#include <gtest/gtest.h>

namespace rig::base {
namespace {

const Bytes kSample{0xFF, 0x01, 0x82, 0x03, 0x84, 0xFF};

TEST(Bytes, ReadLittleEndian) {
  EXPECT_EQ(read_le16(kSample, 1), 0x8201);
  EXPECT_EQ(read_le32(kSample, 1), 0x84038201U);
}

TEST(Bytes, ReadBigEndian) {
  EXPECT_EQ(read_be16(kSample, 1), 0x0182);
  EXPECT_EQ(read_be32(kSample, 1), 0x01820384U);
}

TEST(Bytes, ReadTheLastInteger) {
  EXPECT_EQ(read_be16(kSample, 4), 0x84FF);
  EXPECT_EQ(read_le32(kSample, 2), 0xFF840382U);
}

TEST(BytesDeathTest, NeverReadBehindTheEnd) {
  EXPECT_DEATH((void)read_le16(kSample, 5), "does not hold");
  EXPECT_DEATH((void)read_be16(kSample, 5), "does not hold");
  EXPECT_DEATH((void)read_le32(kSample, 3), "does not hold");
  EXPECT_DEATH((void)read_be32(kSample, 3), "does not hold");
  EXPECT_DEATH((void)read_le16({}, 0), "does not hold");
}

TEST(Bytes, WriteOnlyTheirOwnPlace) {
  Bytes buffer(6, 0xEE);
  write_le16(buffer, 1, 0x8201);
  EXPECT_EQ(buffer, (Bytes{0xEE, 0x01, 0x82, 0xEE, 0xEE, 0xEE}));
  write_le32(buffer, 1, 0x84038201);
  EXPECT_EQ(buffer, (Bytes{0xEE, 0x01, 0x82, 0x03, 0x84, 0xEE}));
  write_be32(buffer, 1, 0x84038201);
  EXPECT_EQ(buffer, (Bytes{0xEE, 0x84, 0x03, 0x82, 0x01, 0xEE}));
}

TEST(BytesDeathTest, NeverWriteBehindTheEnd) {
  Bytes buffer(4);
  EXPECT_DEATH(write_le16(buffer, 3, 1), "does not hold");
  EXPECT_DEATH(write_le32(buffer, 1, 1), "does not hold");
  EXPECT_DEATH(write_be32(buffer, 1, 1), "does not hold");
}

TEST(Bytes, AppendInOrder) {
  Bytes buffer;
  append_be16(buffer, 0x0102);
  append_be32(buffer, 0xF3040506);
  append(buffer, Bytes{7, 8});
  append(buffer, std::string_view("A\0B", 3));
  EXPECT_EQ(buffer, (Bytes{1, 2, 0xF3, 4, 5, 6, 7, 8, 'A', 0, 'B'}));
}

TEST(Bytes, WrittenIntegersReadBack) {
  Bytes buffer(8);
  for (const std::uint32_t value : {0U, 1U, 0x80000000U, 0xFFFFFFFFU, 0x12345678U}) {
    write_le32(buffer, 3, value);
    EXPECT_EQ(read_le32(buffer, 3), value);
    write_be32(buffer, 3, value);
    EXPECT_EQ(read_be32(buffer, 3), value);
  }
}

TEST(Bytes, AreTextAndBack) {
  const std::string_view text("naught \0 and \xFF", 14);
  const Bytes bytes = bytes_of(text);
  EXPECT_EQ(bytes.size(), text.size());
  EXPECT_EQ(as_text(bytes), text);
  EXPECT_EQ(as_text({}), "");
}

}  // namespace
}  // namespace rig::base
