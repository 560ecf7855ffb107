#include "power/lcus_relay.h"

#include <gtest/gtest.h>

#include "expect_fault.h"
#include "power/clock.h"
#include "power/verify.h"
#include "pty_board.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

enum class Dialect { raw, text, silent };

// Four relays; only its own thread touches the levels while it runs.
struct Board {
  Dialect dialect{Dialect::raw};
  bool stuck{false};
  bool swapped{false};
  std::string says_instead;
  std::atomic<bool> mute{false};
  std::array<std::atomic<bool>, 4> relay{};

  std::string status() const {
    if (!says_instead.empty()) return says_instead;
    std::string text;
    for (std::size_t i = 0; i < relay.size(); ++i) {
      if (dialect == Dialect::raw) text += relay[i] ? '\1' : '\0';
      if (dialect == Dialect::text) {
        text += "CH" + std::to_string(i + 1) + (relay[i] ? ":ON \r\n" : ":OFF \r\n");
      }
    }
    return text;
  }

  std::string take(base::ByteView bytes) {
    std::string reply;
    while (!bytes.empty()) {
      if (bytes[0] == 0xA0 && bytes.size() >= 4) {
        const std::size_t index = (bytes[1] - 1U + (swapped ? 1U : 0U)) % relay.size();
        if (!stuck) relay[index] = bytes[2] == 1;
        bytes = bytes.subspan(4);
        continue;
      }
      if (bytes[0] == 0xFF && !mute) reply += status();
      bytes = bytes.subspan(1);
    }
    return reply;
  }
};

class Lcus : public testing::TestWithParam<Dialect> {
 protected:
  Lcus() { board_.dialect = GetParam(); }

  LcusRelay opened(LcusRelay::Status status = LcusRelay::Status::answers) {
    return {port_.open(kLcusBaud), 4, status};
  }

  Board board_;
  PtyBoard port_{[this](base::ByteView bytes) { return board_.take(bytes); }};
};

using ReadableLcus = Lcus;
INSTANTIATE_TEST_SUITE_P(Dialects, ReadableLcus, testing::Values(Dialect::raw, Dialect::text));
using SilentLcus = Lcus;
INSTANTIATE_TEST_SUITE_P(Dialects, SilentLcus, testing::Values(Dialect::silent));

TEST(LcusFrame, EndsWithTheLowByteOfTheSum) {
  EXPECT_EQ(encode_lcus_set(Channel{1}, Level::on),
            (std::array<std::uint8_t, 4>{0xA0, 1, 1, 0xA2}));
  EXPECT_EQ(encode_lcus_set(Channel{1}, Level::off),
            (std::array<std::uint8_t, 4>{0xA0, 1, 0, 0xA1}));
  EXPECT_EQ(encode_lcus_set(Channel{8}, Level::on),
            (std::array<std::uint8_t, 4>{0xA0, 8, 1, 0xA9}));
}

LcusStatus parsed(const std::string& text, std::uint8_t channels) {
  return parse_lcus_status(base::bytes_of(text), channels);
}

TEST(LcusStatus, ComesInTwoDialects) {
  EXPECT_EQ(std::get<Levels>(parsed(std::string("\0\1", 2), 2)).bits(), 0b100U);
  EXPECT_EQ(std::get<Levels>(parsed("CH1:ON \r\nCH2:OFF \r\n", 2)).bits(), 0b010U);
  EXPECT_EQ(std::get<Levels>(parsed("CH1:ON\r\n", 1)).bits(), 0b010U);
}

TEST(LcusStatus, OfAFewBytesIsABeginning) {
  for (const std::string& start : {std::string(), std::string("\0", 1), std::string("CH1:O")}) {
    EXPECT_TRUE(std::holds_alternative<LcusIncomplete>(parsed(start, 2)));
  }
}

TEST(LcusStatus, OfAnythingElseIsGarbled) {
  for (const std::string& garbage :
       {std::string("AT\r"), std::string("\2", 1), std::string("\1\1\1", 3),
        std::string("CH2:ON \r\n"), std::string(17, 'C'), std::string("CH1:ON \r\nCH2:MAYBE \r\n"),
        std::string("CH1:ON \r\nCH2:ON \r\nCH3:ON \r\n")}) {
    EXPECT_TRUE(std::holds_alternative<LcusGarbled>(parsed(garbage, 2))) << garbage;
  }
}

TEST_P(ReadableLcus, SwitchesAndReadsBack) {
  LcusRelay relay = opened(LcusRelay::Status::ask);
  ASSERT_TRUE(relay.traits().reads_back);
  const Verified done = set_and_verify(relay, {Channel{3}, Level::on}, soon());
  EXPECT_TRUE(board_.relay[2]);
  ASSERT_TRUE(done.after);
  EXPECT_EQ(done.after->bits(), 0b1000U);
  // Four bytes of ten bits at 9600 baud, then the contact.
  EXPECT_GE(done.switched.not_after - done.switched.not_before, 14ms);
}

TEST_P(ReadableLcus, ThatFallsSilentDoesNotAnswer) {
  LcusRelay relay = opened();
  board_.mute = true;
  expect_fault(Fault::no_answer, [&] { static_cast<void>(relay.read_back(now() + 50ms)); });
}

TEST_P(ReadableLcus, ThatDoesNothingIsStuck) {
  LcusRelay relay = opened();
  board_.stuck = true;
  expect_fault(Fault::stuck, [&] {
    static_cast<void>(set_and_verify(relay, {Channel{1}, Level::on}, soon()));
  });
}

TEST_P(ReadableLcus, ThatMovesTheNextContactIsSwapped) {
  LcusRelay relay = opened();
  board_.swapped = true;
  const auto before = relay.read_back(soon());
  expect_fault(Fault::swapped, [&] {
    static_cast<void>(set_and_verify(relay, {Channel{1}, Level::on}, soon(), before));
  });
}

TEST_P(ReadableLcus, ThatTalksGarbageIsGarbled) {
  LcusRelay relay = opened();
  board_.says_instead = "AT+CGMI\r";
  expect_fault(Fault::garbled, [&] { static_cast<void>(relay.read_back(soon())); });
}

TEST_P(ReadableLcus, WithStaleBytesIsReadRightNextTime) {
  LcusRelay relay = opened();
  port_.say("AT\r");
  const Moment arrived = now() + 20ms;
  while (now() < arrived) std::this_thread::yield();
  EXPECT_EQ(relay.read_back(soon())->bits(), 0U);
}

TEST_P(ReadableLcus, ThatIsUnpluggedHasVanishedAtOnce) {
  LcusRelay relay = opened();
  port_.vanish();
  const Moment before = now();
  expect_fault(Fault::vanished,
               [&] { static_cast<void>(relay.set(Channel{1}, Level::off, soon())); });
  expect_fault(Fault::vanished, [&] { static_cast<void>(relay.read_back(soon())); });
  EXPECT_LT(now() - before, 1s) << "a hang-up is no silence to wait for";
}

TEST_P(SilentLcus, SwitchesAndKnowsThatItKnowsNothing) {
  LcusRelay relay = opened(LcusRelay::Status::ask);
  EXPECT_FALSE(relay.traits().reads_back);
  const Verified done = set_and_verify(relay, {Channel{2}, Level::on}, soon());
  EXPECT_FALSE(done.after);
  const Moment limit = soon();
  while (!board_.relay[1] && now() < limit) std::this_thread::yield();
  EXPECT_TRUE(board_.relay[1]);
}

TEST_P(SilentLcus, DeclaredReadableIsFoundOut) {
  LcusRelay relay(port_.open(kLcusBaud), 4, LcusRelay::Status::answers);
  expect_fault(Fault::no_answer, [&] { static_cast<void>(relay.read_back(now() + 50ms)); });
}

}  // namespace
}  // namespace rig::power
