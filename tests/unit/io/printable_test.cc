// Which bytes are kept as text and which are escaped.

#include "io/printable.h"

#include <gtest/gtest.h>

namespace rig::io {
namespace {

struct Case {
  std::string_view bytes;
  std::string_view text;
};

class Printable : public testing::TestWithParam<Case> {};

TEST_P(Printable, KeepsTextAndEscapesTheRest) {
  EXPECT_EQ(printable(GetParam().bytes), GetParam().text);
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Bytes, Printable,
    testing::Values(Case{"", ""}, Case{"boot: ok\t~", "boot: ok\t~"},
                    Case{"a\0b\x1b[0m"sv, "a\\x00b\\x1b[0m"},
                    Case{"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
                         "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
                    Case{"\xff\xfe", "\\xff\\xfe"}, Case{"\x80", "\\x80"}, Case{"\xc3", "\\xc3"},
                    Case{"\xe2\x82", "\\xe2\\x82"}, Case{"\xc0\xaf", "\\xc0\\xaf"},  // overlong
                    Case{"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},                         // overlong
                    Case{"\xed\xa0\x80", "\\xed\\xa0\\x80"},                         // a surrogate
                    Case{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond Unicode
                    Case{"\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
                    Case{"\xc3x\xe2\x82\xac", "\\xc3x\xe2\x82\xac"},
                    Case{"\xf0\x9f\x98x", "\\xf0\\x9f\\x98x"}));

}  // namespace
}  // namespace rig::io
