#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
extern "C" {
#include "core/at_parser.h"
}
#pragma GCC diagnostic pop

namespace firmware_core {
namespace {

struct Item {
  at_kind kind{};
  std::string text;
  std::string data;
  bool operator==(const Item&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Item& item) {
  return out << item.kind << " '" << item.text << "' '" << item.data << "'";
}

class AtParser : public testing::Test {
 protected:
  AtParser() { at_parser_reset(&parser_); }

  void take(std::vector<Item>& items) {
    at_item item{};
    while (at_parser_next(&parser_, &item)) {
      const auto* data = reinterpret_cast<const char*>(item.data);
      items.push_back(
          {item.kind, item.text, item.kind == AT_DATA ? std::string(data, item.data_length) : ""});
    }
  }

  // Everything that comes out when `bytes` arrive in pieces of `piece`.
  std::vector<Item> items_of(const std::string& bytes, std::size_t piece) {
    std::vector<Item> items;
    for (std::size_t at = 0; at < bytes.size();) {
      std::uint32_t capacity = 0;
      std::uint8_t* to = at_parser_space(&parser_, &capacity);
      const std::size_t count = std::min({piece, bytes.size() - at, std::size_t{capacity}});
      std::memcpy(to, bytes.data() + at, count);
      at_parser_filled(&parser_, static_cast<std::uint32_t>(count));
      at += count;
      take(items);
    }
    return items;
  }

  at_parser parser_{};
};

TEST_F(AtParser, TellsFinalResultsFromText) {
  const std::vector<Item> wanted{
      {AT_LINE, "004999010640000", ""}, {AT_OK, "OK", ""},
      {AT_ERROR, "ERROR", ""},          {AT_ERROR, "+CME ERROR: SIM not inserted", ""},
      {AT_ABORTED, "ABORTED", ""},      {AT_LINE, "OKAY", ""}};
  EXPECT_EQ(items_of("\r\n004999010640000\r\n\r\nOK\r\n\r\nERROR\r\n"
                     "\r\n+CME ERROR: SIM not inserted\r\n\r\nABORTED\r\nOKAY\r\n",
                     1000),
            wanted);
}

// Data may hold anything that looks like framing; a G350 adds an empty line behind it.
TEST_F(AtParser, TakesBinaryDataHoweverItIsCut) {
  const std::string data("\r\nOK\r\n\"@\0\xff,", 11);
  const std::string bytes = "\r\n+UUSORF: 0,11\r\n\r\n+USORF: 0,\"10.10.10.10\",5684,11,\"" + data +
                            "\"\r\n\r\n\r\nOK\r\n\r\n+USORD: 3,11,\"" + data + "\"\r\n\r\nOK\r\n";
  const std::vector<Item> wanted{{AT_LINE, "+UUSORF: 0,11", ""},
                                 {AT_DATA, "+USORF: 0,\"10.10.10.10\",5684,11,", data},
                                 {AT_OK, "OK", ""},
                                 {AT_DATA, "+USORD: 3,11,", data},
                                 {AT_OK, "OK", ""}};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    SCOPED_TRACE(piece);
    at_parser_reset(&parser_);
    EXPECT_EQ(items_of(bytes, piece), wanted);
  }
}

TEST_F(AtParser, SeesThePromptBeforeAnyLineEnd) {
  const std::vector<Item> wanted{{AT_PROMPT, "@", ""}};
  EXPECT_EQ(items_of("\r\n@", 1), wanted);
}

TEST_F(AtParser, ReadsAnEmptySocketAsALine) {
  const std::vector<Item> wanted{{AT_LINE, "+USORF: 0,0", ""}, {AT_OK, "OK", ""}};
  EXPECT_EQ(items_of("\r\n+USORF: 0,0\r\n\r\nOK\r\n", 3), wanted);
}

TEST_F(AtParser, SkipsTheEchoOfACommand) {
  const std::vector<Item> wanted{{AT_LINE, "AT", ""}, {AT_OK, "OK", ""}};
  EXPECT_EQ(items_of("AT\r\r\nOK\r\n", 2), wanted);
}

// What promises more than a read may ask for is no answer to a read.
TEST_F(AtParser, DoesNotWaitForAnImpossibleLength) {
  const std::vector<Item> wanted{{AT_LINE, "+USORD: 0,9999,\"abc\"", ""}, {AT_OK, "OK", ""}};
  EXPECT_EQ(items_of("+USORD: 0,9999,\"abc\"\r\nOK\r\n", 7), wanted);
}

TEST_F(AtParser, SurvivesALineThatNeverEnds) {
  const auto items = items_of(std::string(3 * AT_BUFFER, 'x') + "\r\nOK\r\n", 100);
  ASSERT_FALSE(items.empty());
  EXPECT_EQ(items.back(), (Item{AT_OK, "OK", ""}));
  EXPECT_EQ(parser_.dropped, 3u);
}

// The largest answer a read may give, over and over, with the buffer never empty in between.
TEST_F(AtParser, KeepsUpWithTheLargestAnswers) {
  const std::string data(AT_LARGEST_DATA, '\n');
  const std::string one =
      "\r\n+USORF: 6,\"255.255.255.255\",65535,1024,\"" + data + "\"\r\n\r\nOK\r\n";
  std::string bytes;
  for (int i = 0; i < 10; ++i) bytes += one;
  const auto items = items_of(bytes, 777);
  ASSERT_EQ(items.size(), 20u);
  for (std::size_t i = 0; i < items.size(); i += 2) EXPECT_EQ(items[i].data, data);
  EXPECT_EQ(parser_.dropped, 0u);
}

}  // namespace
}  // namespace firmware_core
