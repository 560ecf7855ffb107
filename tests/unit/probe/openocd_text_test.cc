// What is said to OpenOCD and what it prints.

#include "probe/openocd_text.h"

#include <gtest/gtest.h>

namespace rig::probe {
namespace {

TEST(OpenocdText, WrapsCommandsSoThatTheirFailureShows) {
  EXPECT_EQ(tcl_request("reset halt"),
            "format {%d %s} [catch {reset halt} otarig_result] $otarig_result\x1a");
}

TEST(OpenocdText, TellsGoodAnswersFromBadOnes) {
  EXPECT_TRUE(parse_tcl_answer("0 chip.cpu")->good);
  EXPECT_EQ(parse_tcl_answer("0 chip.cpu")->text, "chip.cpu");
  EXPECT_EQ(parse_tcl_answer("0 two\nlines")->text, "two\nlines");
  EXPECT_EQ(parse_tcl_answer("0 ")->text, "");
  EXPECT_FALSE(parse_tcl_answer("1 invalid command name")->good);
  EXPECT_FALSE(parse_tcl_answer("-4 ")->good);
  for (const char* garbage : {"", "0", "chip.cpu", "Error: no", "0x1 a"}) {
    EXPECT_FALSE(parse_tcl_answer(garbage)) << garbage;
  }
}

TEST(OpenocdText, QuotesNamesOfFiles) {
  EXPECT_EQ(tcl_word("/a b.bin"), "\"/a b.bin\"");
  EXPECT_EQ(tcl_word("$x[exit]{\"\\;"), "\"\\$x\\[exit\\]\\{\\\"\\\\\\;\"");
}

TEST(OpenocdText, ReadsListsOfNumbers) {
  using Numbers = std::vector<std::uint32_t>;
  EXPECT_EQ(tcl_numbers("0x412fc230"), Numbers{0x412FC230});
  EXPECT_EQ(tcl_numbers("0x1 255  0xab "), (Numbers{1, 255, 0xAB}));
  EXPECT_EQ(tcl_numbers(""), Numbers{});
  for (const char* wrong : {"0x", "12z", "0x112345678", "-1", "0x1,0x2"}) {
    EXPECT_FALSE(tcl_numbers(wrong)) << wrong;
  }
}

TEST(OpenocdText, FindsThePortsThatItOpened) {
  const auto tcl = parse_listening("Info : Listening on port 35627 for tcl connections");
  ASSERT_TRUE(tcl);
  EXPECT_EQ(tcl->port, 35627);
  EXPECT_EQ(tcl->service, "tcl");
  EXPECT_EQ(parse_listening("Listening on port 1 for gdb connections")->service, "gdb");
  for (const char* other :
       {"", "Info : telnet server disabled", "Listening on port 99999 for tcl connections",
        "Listening on port 35627 for tcl", "Listening on port 35627 connections"}) {
    EXPECT_FALSE(parse_listening(other)) << other;
  }
}

}  // namespace
}  // namespace rig::probe
