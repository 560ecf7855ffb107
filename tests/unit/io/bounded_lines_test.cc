// What is kept of a flood.

#include "io/bounded_lines.h"

#include <gtest/gtest.h>

namespace rig::io {
namespace {

Line line_of(std::string text) {
  Line line;
  line.text = std::move(text);
  return line;
}

std::string texts(const BoundedLines& kept) {
  std::string all;
  for (const Line& line : kept.lines()) all += line.text + " ";
  return all;
}

TEST(BoundedLines, KeepsEverythingThatFits) {
  BoundedLines kept(20);
  for (const char* text : {"a", "b", "c"}) kept.add(line_of(text));
  EXPECT_EQ(texts(kept), "a b c ");
  EXPECT_EQ(kept.dropped(), 0U);
}

TEST(BoundedLines, KeepsTheBeginningAndTheEndOfAFlood) {
  BoundedLines kept(12);  // three lines of one letter and its end on either side
  for (char letter = 'a'; letter <= 'z'; ++letter) kept.add(line_of(std::string(1, letter)));
  EXPECT_EQ(texts(kept), "a b c x y z ");
  EXPECT_EQ(kept.dropped(), 20U);
}

TEST(BoundedLines, LetsGoOfALineThatIsTooLargeAlone) {
  BoundedLines kept(12);
  kept.add(line_of(std::string(100, 'x')));
  kept.add(line_of("b"));
  EXPECT_EQ(texts(kept), "b ");
  EXPECT_EQ(kept.dropped(), 1U);
}

}  // namespace
}  // namespace rig::io
