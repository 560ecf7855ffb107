#include "record/event.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace rig::record {
namespace {

using std::chrono::nanoseconds;

base::Instant at(std::int64_t count) { return base::kCycleStart + nanoseconds(count); }

Timeline sample() {
  return {
      {at(0), Lane::rig, EventKind::cycle_begin, 0, 7, "electron/no-cut"},
      {at(1), Lane::power, EventKind::on, 0, 0, "board+modem"},
      {at(12'345'678'901), Lane::console, EventKind::line, 0, 0, "system ver=604 mode=normal"},
      {at(12'345'678'901), Lane::device, EventKind::observed, 0, 0, ""},
      {at(13'000'000'000), Lane::flash, EventKind::erase, 0x080C0000, 131072, ""},
      {at(13'000'000'001), Lane::flash, EventKind::program, 0x080C0000, 16385, ""},
      {at(12'999'999'999), Lane::flash, EventKind::torn, 0x08004000, 1, "prefix.1"},
      {at(14'000'000'000), Lane::cpu, EventKind::fault, 0xFFFFFFFE, ~0ULL, "bus\n\0x"},
      {at(14'000'000'000), Lane::rig, EventKind::healing, 0, 0, "system ver=604 mode=normal"},
  };
}

TEST(Event, LineShowsInstantLaneKindAndText) {
  EXPECT_EQ(to_line(sample()[2]), "   12.345678901 console line        system ver=604 mode=normal");
}

TEST(Event, LineShowsAddressAndValueWhereTheyAre) {
  EXPECT_EQ(to_line(sample()[5]), "   13.000000001 flash   program     @0x080c0000 #16385");
}

TEST(Event, FirstWordAndFields) {
  const std::string_view text = "online mode=normal user=2 empty= xuser=9";
  EXPECT_EQ(first_word(text), "online");
  EXPECT_EQ(first_word("alone"), "alone");
  EXPECT_EQ(field(text, "mode"), "normal");
  EXPECT_EQ(field(text, "user"), "2");
  EXPECT_EQ(field(text, "xuser"), "9");
  EXPECT_EQ(field(text, "empty"), "");
  EXPECT_EQ(field(text, "use"), std::nullopt);
  EXPECT_EQ(field(text, "online"), std::nullopt);
  EXPECT_EQ(field("", "a"), std::nullopt);
}

TEST(Timeline, DecodesToWhatWasEncoded) {
  const auto decoded = decode(encode(sample()));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, sample());
}

TEST(Timeline, EmptyOneSurvives) {
  const auto decoded = decode(encode({}));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(decoded->empty());
}

TEST(Timeline, RepeatedTextsCostBytesOnce) {
  Timeline timeline;
  for (int i = 0; i < 1000; ++i) {
    timeline.push_back({at(i * 1'000'000), Lane::console, EventKind::line, 0, 0,
                        "modem refused apn=spark.telefonica.com"});
  }
  EXPECT_LT(encode(timeline).size(), 8000U);
  EXPECT_EQ(decode(encode(timeline)), timeline);
}

TEST(Timeline, EveryTruncationIsRefused) {
  const auto whole = encode(sample());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::vector<std::uint8_t> part(whole.begin(),
                                         whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(decode(part).has_value()) << length;
  }
}

TEST(Timeline, TrailingBytesAndOtherVersionsAreRefused) {
  auto bytes = encode(sample());
  bytes.push_back(0);
  EXPECT_FALSE(decode(bytes).has_value());
  bytes.pop_back();
  bytes[4] = 3;
  EXPECT_FALSE(decode(bytes).has_value());
}

TEST(Timeline, HostileCountAllocatesNothing) {
  for (const std::uint8_t version : {1, 2}) {
    std::vector<std::uint8_t> bytes{'O',  'T',  'T',  'L',  version, 0xFF,
                                    0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
    EXPECT_FALSE(decode(bytes).has_value());
    bytes.push_back(0);
    EXPECT_FALSE(decode(bytes).has_value());
  }
}

// As the first release of the format wrote it: the time of an event after its kind.
TEST(Timeline, VersionOneIsStillRead) {
  const std::vector<std::uint8_t> bytes{'O',  'T', 'T', 'L', 1, 2,         //
                                        0x40, 0,   4,   0,   2, 'h', 'i',  // text "hi" at 2 ns
                                        0x70, 0,   6,   16,  7, 1};        // at 5 ns, address 8
  const auto decoded = decode(bytes);
  ASSERT_TRUE(decoded.has_value());
  ASSERT_EQ(decoded->size(), 2U);
  EXPECT_EQ(decoded->at(0), (Event{at(2), Lane{0}, EventKind{0}, 0, 0, "hi"}));
  EXPECT_EQ(decoded->at(1), (Event{at(5), Lane{0}, EventKind{0}, 8, 7, "hi"}));
  EXPECT_EQ(decode(encode(*decoded)), decoded);
}

TEST(Timeline, DamagedBytesNeverCrash) {
  base::Random random(1);
  const auto whole = encode(sample());
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = whole;
    for (std::uint64_t hits = 1 + random.below(3); hits > 0; --hits) {
      bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
    }
    refused += decode(bytes).has_value() ? 0 : 1;
  }
  EXPECT_GT(refused, 1000);
}

TEST(Names, EveryLaneAndKindHasItsOwn) {
  EXPECT_EQ(name_of(Lane::rig), "rig");
  EXPECT_EQ(name_of(Lane::server), "server");
  EXPECT_EQ(name_of(EventKind::cut_landed), "cut_landed");
  EXPECT_EQ(name_of(EventKind::off), "off");
  EXPECT_EQ(name_of(EventKind::healing), "healing");
}

}  // namespace
}  // namespace rig::record
