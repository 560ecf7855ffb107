#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
extern "C" {
#include "core/cloud_exchange.h"
#include "core/cloud_protocol.h"
}
#pragma GCC diagnostic pop

namespace firmware_core {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(CloudProtocol, HelloIsEighteenBytesBigEndian) {
  cloud_hello hello{};
  for (std::uint8_t i = 0; i < 12; ++i) hello.device_id[i] = i;
  hello.session = 0xA1B2C3D4;
  hello.safe_mode = 1;
  hello.reset_reason = 70;
  std::uint8_t datagram[CLOUD_LARGEST]{};
  const std::uint32_t length = cloud_put_hello(datagram, &hello);
  cloud_put_header(datagram, CLOUD_CON, CLOUD_HELLO, 0x1234);
  const Bytes wanted{0, 1, 0x12, 0x34, 0,  1,    2,    3,    4,    5, 6,
                     7, 8, 9,    10,   11, 0xA1, 0xB2, 0xC3, 0xD4, 1, 70};
  EXPECT_EQ(Bytes(datagram, datagram + length), wanted);
}

TEST(CloudProtocol, MissingListsIndicesBigEndian) {
  std::uint8_t datagram[CLOUD_LARGEST]{};
  const std::uint16_t missing[]{1, 0x0203};
  ASSERT_EQ(cloud_put_missing(datagram, missing, 2), 8u);
  EXPECT_EQ(Bytes(datagram + 4, datagram + 8), (Bytes{0, 1, 2, 3}));
}

TEST(CloudProtocol, CutsTextThatIsTooLong) {
  std::uint8_t datagram[CLOUD_LARGEST]{};
  const std::string text(2000, 'x');
  EXPECT_EQ(cloud_put_text(datagram, text.c_str()), std::uint32_t{CLOUD_LARGEST});
}

bool decoded(const Bytes& bytes, cloud_message& message) {
  return cloud_decode(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &message);
}

TEST(CloudProtocol, DecodesBegin) {
  const Bytes bytes{0, 0x10, 0, 9, 1, 2, 0, 0, 1, 0, 4, 0, 8, 8, 0, 0};
  cloud_message message{};
  cloud_begin begin{};
  ASSERT_TRUE(decoded(bytes, message));
  EXPECT_EQ(message.type, CLOUD_CON);
  EXPECT_EQ(message.id, 9);
  ASSERT_TRUE(cloud_decode_begin(&message, &begin));
  EXPECT_EQ(begin.flags, 1);
  EXPECT_EQ(begin.chunk_size, 512);
  EXPECT_EQ(begin.length, 65540u);
  EXPECT_EQ(begin.store, 0);
  EXPECT_EQ(begin.address, 0x08080000u);
}

TEST(CloudProtocol, RefusesWhatIsNotExactlyADatagram) {
  cloud_message message{};
  cloud_begin begin{};
  cloud_chunk chunk{};
  EXPECT_FALSE(decoded({0, 1, 0}, message));
  EXPECT_FALSE(decoded({4, 1, 0, 0}, message));
  ASSERT_TRUE(decoded(Bytes{0, 0x10, 0, 9, 1, 2}, message));
  EXPECT_FALSE(cloud_decode_begin(&message, &begin));
  ASSERT_TRUE(decoded(Bytes{1, 0x12, 0, 9, 1, 2, 3, 4, 0, 0}, message));
  EXPECT_FALSE(cloud_decode_chunk(&message, &chunk));
}

TEST(CloudProtocol, DecodesChunk) {
  const Bytes bytes{1, 0x12, 0, 9, 0xDE, 0xAD, 0xBE, 0xEF, 1, 0, 'a', 'b'};
  cloud_message message{};
  cloud_chunk chunk{};
  ASSERT_TRUE(decoded(bytes, message));
  ASSERT_TRUE(cloud_decode_chunk(&message, &chunk));
  EXPECT_EQ(chunk.crc, 0xDEADBEEFu);
  EXPECT_EQ(chunk.index, 256);
  EXPECT_EQ(std::string(chunk.data, chunk.data + chunk.length), "ab");
}

class CloudExchange : public testing::Test {
 protected:
  CloudExchange() { cloud_exchange_open(&exchange_, 0xFFFE); }

  // Times of everything that is due until nothing is in flight any more.
  std::vector<std::uint32_t> transmissions(std::uint32_t start) {
    std::vector<std::uint32_t> times;
    cloud_exchange_start(&exchange_, CLOUD_PING, CLOUD_HEADER, start);
    while (true) {
      const std::uint32_t due = exchange_.due_ms;
      EXPECT_EQ(cloud_exchange_poll(&exchange_, due - 1), CLOUD_DUE_NOTHING);
      times.push_back(due - start);
      if (cloud_exchange_poll(&exchange_, due) == CLOUD_DUE_GIVE_UP) return times;
    }
  }

  cloud_exchange exchange_{};
};

TEST_F(CloudExchange, RepeatsAfterFourEightAndSixteenSecondsThenGivesUp) {
  EXPECT_EQ(transmissions(1000), (std::vector<std::uint32_t>{0, 4000, 12000, 28000, 60000}));
  EXPECT_FALSE(exchange_.in_flight);
}

TEST_F(CloudExchange, CountsTimeOverItsWrap) {
  EXPECT_EQ(transmissions(0xFFFFF000u), (std::vector<std::uint32_t>{0, 4000, 12000, 28000, 60000}));
}

TEST_F(CloudExchange, IsDoneByItsOwnAcknowledgementOnly) {
  cloud_exchange_start(&exchange_, CLOUD_PING, CLOUD_HEADER, 0);
  EXPECT_EQ(exchange_.datagram[2], 0xFF);
  EXPECT_EQ(exchange_.datagram[3], 0xFE);
  EXPECT_FALSE(cloud_exchange_acknowledged(&exchange_, 0xFFFD));
  EXPECT_TRUE(cloud_exchange_acknowledged(&exchange_, 0xFFFE));
  EXPECT_FALSE(cloud_exchange_acknowledged(&exchange_, 0xFFFE));
  EXPECT_EQ(cloud_exchange_poll(&exchange_, 100000), CLOUD_DUE_NOTHING);
}

TEST_F(CloudExchange, RemembersTheLastEightRequests) {
  EXPECT_FALSE(cloud_exchange_is_repeated(&exchange_, 0));
  for (std::uint16_t id = 1; id < 8; ++id) {
    EXPECT_FALSE(cloud_exchange_is_repeated(&exchange_, id));
  }
  EXPECT_TRUE(cloud_exchange_is_repeated(&exchange_, 0));
  EXPECT_FALSE(cloud_exchange_is_repeated(&exchange_, 8));  // pushes 0 out
  EXPECT_FALSE(cloud_exchange_is_repeated(&exchange_, 0));
  EXPECT_TRUE(cloud_exchange_is_repeated(&exchange_, 8));
}

}  // namespace
}  // namespace firmware_core
