// Line assembly without a clock or a descriptor: what arrives when is handed in.

#include "io/lines.h"

#include <gtest/gtest.h>

namespace rig::io {
namespace {

using namespace std::chrono_literals;

constexpr Time at(Duration since_start) { return Time(since_start); }

class Lines : public testing::Test {
 protected:
  void receive(std::string_view text, Duration when) {
    assembler.receive(base::bytes_of(text), at(when), lines);
  }
  [[nodiscard]] std::string texts() const {
    std::string all;
    for (const Line& line : lines) all += line.text + "|";
    return all;
  }

  LineAssembler assembler{{.longest = 8, .silence = 100ms}};
  std::vector<Line> lines;
};

TEST_F(Lines, EndAtNewline) {
  receive("one\ntwo\r\n\nfour", 1ms);
  EXPECT_EQ(texts(), "one|two||");
  for (const Line& line : lines) {
    EXPECT_EQ(line.end, LineEnd::newline);
    EXPECT_FALSE(line.continues);
  }
}

TEST_F(Lines, AreStampedWithTheirFirstAndTheirLastByte) {
  receive("a\nb", 1ms);
  receive("c", 2ms);
  receive("d\n", 3ms);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].first, at(1ms));
  EXPECT_EQ(lines[0].last, at(1ms));
  EXPECT_EQ(lines[1].first, at(1ms));
  EXPECT_EQ(lines[1].last, at(3ms));
}

TEST_F(Lines, KnowWhereTheyBeganInAllThatWasReceived) {
  receive("ab\r\n", 1ms);
  receive("\ncd", 2ms);
  receive("e\nf", 3ms);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].offset, 0U);
  EXPECT_EQ(lines[1].offset, 4U);
  EXPECT_EQ(lines[2].offset, 5U);
  EXPECT_EQ(assembler.received(), 10U);
}

TEST_F(Lines, MayArriveByteByByte) {
  for (const char letter : std::string_view("ab\r\ncd\n")) receive({&letter, 1}, 1ms);
  EXPECT_EQ(texts(), "ab|cd|");
}

TEST_F(Lines, LoseAllCarriageReturnsBeforeTheNewline) {
  receive("ab\r\r\nc\rd\n", 1ms);
  EXPECT_EQ(texts(), "ab|c\\x0dd|");
}

TEST_F(Lines, OfTheGreatestLengthAreWhole) {
  receive("12345678\n12345678\r\n", 1ms);
  EXPECT_EQ(texts(), "12345678|12345678|");
}

TEST_F(Lines, ThatAreTooLongAreCutAndContinued) {
  receive("12345678abcdefgh9\nx\n", 1ms);
  EXPECT_EQ(texts(), "12345678|abcdefgh|9|x|");
  EXPECT_EQ(lines[0].end, LineEnd::limit);
  EXPECT_FALSE(lines[0].continues);
  EXPECT_TRUE(lines[1].continues);
  EXPECT_EQ(lines[1].offset, 8U);
  EXPECT_EQ(lines[2].end, LineEnd::newline);
  EXPECT_TRUE(lines[2].continues);
  EXPECT_EQ(lines[2].offset, 16U);
  EXPECT_FALSE(lines[3].continues);
  EXPECT_EQ(lines[3].offset, 18U);
}

TEST_F(Lines, OfCarriageReturnsAloneStayBounded) {
  for (int i = 0; i < 1000; ++i) receive("\r\r\r\r\r\r\r\r", 1ms);
  std::size_t bytes = 0;
  for (const Line& line : lines) bytes += line.text.size() / 4;  // each is \x0d
  EXPECT_GT(bytes, 7900U);
}

TEST_F(Lines, ThatWereBegunAreFlushedAfterSilence) {
  EXPECT_FALSE(assembler.wake_time());
  receive("login: ", 10ms);
  ASSERT_EQ(assembler.wake_time(), at(110ms));
  EXPECT_FALSE(assembler.flush_silent(at(109ms)));
  const auto line = assembler.flush_silent(at(150ms));
  ASSERT_TRUE(line);
  EXPECT_EQ(line->text, "login: ");
  EXPECT_EQ(line->end, LineEnd::silence);
  EXPECT_EQ(line->last, at(10ms));
  EXPECT_FALSE(assembler.wake_time());
  EXPECT_FALSE(assembler.flush_silent(at(300ms)));
}

TEST_F(Lines, EachByteStartsTheSilenceAgain) {
  receive("a", 10ms);
  receive("b", 60ms);
  EXPECT_EQ(assembler.wake_time(), at(160ms));
}

TEST_F(Lines, GoOnAfterAFlush) {
  receive("log", 0ms);
  ASSERT_TRUE(assembler.flush(LineEnd::silence));
  receive("in\n", 200ms);
  receive("x\n", 201ms);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].text, "in");
  EXPECT_TRUE(lines[0].continues);
  EXPECT_FALSE(lines[1].continues);
}

TEST_F(Lines, EndedByALateNewlineAreNotFollowedByAnEmptyOne) {
  receive("log", 0ms);
  ASSERT_TRUE(assembler.flush(LineEnd::silence));
  receive("\r\nx\n\n", 200ms);
  EXPECT_EQ(texts(), "x||");
  EXPECT_FALSE(lines[0].continues);
  EXPECT_EQ(lines[0].offset, 5U);
}

TEST_F(Lines, DoNotContinueWhatTheirOwnerClosed) {
  receive("half", 0ms);
  ASSERT_TRUE(assembler.flush(LineEnd::closed));
  receive("boot\n", 1s);
  EXPECT_FALSE(lines[0].continues);
}

TEST(LineAssembler, WithoutSilenceWaitsForEver) {
  LineAssembler assembler({.silence = 0ms});
  std::vector<Line> lines;
  assembler.receive(base::bytes_of("half"), at(0ms), lines);
  EXPECT_FALSE(assembler.wake_time());
  EXPECT_FALSE(assembler.flush_silent(at(1h)));
}

TEST(LineAssembler, KeepsLinesOf64KilobytesWhole) {
  LineAssembler assembler;
  std::vector<Line> lines;
  const std::string text(64U << 10, 'x');
  assembler.receive(base::bytes_of(text + "\r\n"), at(0ms), lines);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].text, text);
}

TEST(LineAssembler, NeverHoldsMoreThanItsLimit) {
  LineAssembler assembler;
  std::vector<Line> lines;
  const base::Bytes piece(1U << 20, 0xFF);
  assembler.receive(piece, at(0ms), lines);
  EXPECT_EQ(lines.size(), 15U);  // the 16th is not longer than a line may be
  EXPECT_EQ(lines[0].text.size(), 4U * (64U << 10));
}

}  // namespace
}  // namespace rig::io
