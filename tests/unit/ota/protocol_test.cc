#include "ota/protocol.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "base/random.h"
#include "ota/request.h"

namespace rig::ota {
namespace {

TEST(Protocol, DatagramBytes) {
  const Datagram datagram{MessageType::con, Code::missing, 0x1234, {0x00, 0x07}};
  const base::Bytes bytes{0, 0x14, 0x12, 0x34, 0x00, 0x07};
  EXPECT_EQ(encode(datagram), bytes);
  EXPECT_EQ(decode_datagram(bytes), datagram);
}

TEST(Protocol, HelloBytes) {
  const Hello hello{.device = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
                    .session = 0xA1B2C3D4,
                    .mode = DeviceMode::safe,
                    .reset_reason = 70};
  const base::Bytes bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0xA1, 0xB2, 0xC3, 0xD4, 1, 70};
  EXPECT_EQ(encode(hello), bytes);
  EXPECT_EQ(decode_hello(bytes), hello);
}

TEST(Protocol, BeginBytes) {
  const Begin begin{.fast = true, .length = 65540, .address = 0x08080000};
  const base::Bytes bytes{1, 0x02, 0x00, 0x00, 0x01, 0x00, 0x04, 0, 0x08, 0x08, 0x00, 0x00};
  EXPECT_EQ(encode(begin), bytes);
  EXPECT_EQ(decode_begin(bytes), begin);
}

TEST(Protocol, ChunkBytes) {
  const base::Bytes data = base::bytes_of("123456789");
  const Chunk chunk{.crc = base::crc32(data), .index = 0x0102, .data = data};
  base::Bytes bytes{0xCB, 0xF4, 0x39, 0x26, 0x01, 0x02};
  base::append(bytes, "123456789");
  EXPECT_EQ(encode(chunk), bytes);
  EXPECT_EQ(decode_chunk(bytes), chunk);
}

TEST(Protocol, MissingHoldsOneToFiftyIndices) {
  Missing missing;
  EXPECT_FALSE(decode_missing(encode(missing)));
  for (std::uint16_t n = 0; n < 50; ++n)
    missing.indices.push_back(static_cast<std::uint16_t>(n * 3));
  EXPECT_EQ(decode_missing(encode(missing)), missing);
  missing.indices.push_back(1);
  EXPECT_FALSE(decode_missing(encode(missing)));
}

TEST(Protocol, WrongLengthsAreRefused) {
  EXPECT_FALSE(decode_datagram(base::Bytes{0, 1, 2}));
  EXPECT_FALSE(decode_datagram(base::Bytes{4, 1, 2, 3}));  // no such type
  EXPECT_FALSE(decode_hello(base::Bytes(17)));
  EXPECT_FALSE(decode_hello(base::Bytes(19)));
  base::Bytes odd_mode(18);
  odd_mode[16] = 2;
  EXPECT_FALSE(decode_hello(odd_mode));
  EXPECT_FALSE(decode_begin(base::Bytes(11)));
  EXPECT_FALSE(decode_chunk(base::Bytes(6)));
  EXPECT_FALSE(decode_missing(base::Bytes(3)));
  EXPECT_FALSE(decode_byte(base::Bytes(0)));
  EXPECT_FALSE(decode_byte(base::Bytes(2)));
}

TEST(Protocol, GarbageIsDecodedToNothingOrToSomethingThatEncodesBack) {
  base::Random random(3);
  for (int round = 0; round < 20000; ++round) {
    base::Bytes bytes(random.below(80));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    if (!bytes.empty()) bytes[0] &= 3;
    const auto datagram = decode_datagram(bytes);
    if (!datagram) continue;
    EXPECT_EQ(encode(*datagram), bytes);
    (void)request_from(*datagram);
    if (const auto chunk = decode_chunk(datagram->payload)) {
      EXPECT_EQ(encode(*chunk), datagram->payload);
    }
    if (const auto missing = decode_missing(datagram->payload)) {
      EXPECT_EQ(encode(*missing), datagram->payload);
    }
  }
}

TEST(Protocol, RequestsOfADeviceInSession) {
  const auto of = [](Code code, base::Bytes payload) {
    return request_from({MessageType::con, code, 1, std::move(payload)});
  };
  EXPECT_TRUE(std::holds_alternative<Ping>(*of(Code::ping, {})));
  EXPECT_TRUE(std::holds_alternative<Ready>(*of(Code::ready, {0})));
  EXPECT_EQ(std::get<ResultReport>(*of(Code::result, {3})).code, 3);
  EXPECT_EQ(std::get<DeviceEvent>(*of(Code::event, base::bytes_of("a=b\r\x80"))).text, "a=b??");
  EXPECT_FALSE(of(Code::ready, {}));
  EXPECT_FALSE(of(Code::result, {1, 2}));
  EXPECT_FALSE(of(Code::begin, base::Bytes(12)));  // only the server says that
  EXPECT_FALSE(of(static_cast<Code>(0x77), {}));
  EXPECT_EQ(name_of(static_cast<Code>(0x77)), "unknown");
}

}  // namespace
}  // namespace rig::ota
