// Numato and Devantech boards: their protocols, and the drivers on pseudo terminals.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "expect_fault.h"
#include "power/clock.h"
#include "power/numato_relay.h"
#include "power/usb_rly.h"
#include "power/verify.h"
#include "pty_board.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

TEST(NumatoText, NumbersChannelsAsEachBoardDoes) {
  EXPECT_EQ(numato_set(Channel{0}, Level::on, 8), "relay on 0");
  EXPECT_EQ(numato_set(Channel{11}, Level::off, 16), "relay off B");
  EXPECT_EQ(numato_set(Channel{31}, Level::on, 32), "relay on V");
  EXPECT_EQ(numato_set(Channel{7}, Level::on, 64), "relay on 07");
}

TEST(NumatoText, AnswersBetweenEchoAndPrompt) {
  EXPECT_EQ(numato_answer("relay readall\n\r0f\n\r>", "relay readall"), "0f");
  EXPECT_EQ(numato_answer("relay on 0\n\r>", "relay on 0"), "");
  EXPECT_FALSE(numato_answer("AT+Crelay on 0\n\r>", "relay on 0"));
  EXPECT_FALSE(numato_answer("relay on 0\n\r", "relay on 0"));
  EXPECT_FALSE(numato_answer("relay on 01\n\r>", "relay on 0"));
}

TEST(NumatoText, ReadsAsManyRelaysAsThereAre) {
  EXPECT_EQ(parse_numato_readall("0f", 4)->bits(), 0xFU);
  EXPECT_EQ(parse_numato_readall("8001", 16)->bits(), 0x8001U);
  EXPECT_EQ(parse_numato_readall("8000000000000001", 64)->bits(), 0x8000000000000001U);
  for (const char* garbage : {"", "1f", "xx", "0f\n", "000f"}) {
    EXPECT_FALSE(parse_numato_readall(garbage, 4)) << garbage;
  }
}

TEST(UsbRlyBytes, CountFromTheVendorsBases) {
  EXPECT_EQ(encode_usb_rly_set(Channel{1}, Level::on), 0x65);
  EXPECT_EQ(encode_usb_rly_set(Channel{8}, Level::off), 0x76);
  EXPECT_EQ(decode_usb_rly_states(base::Bytes{0x81}, 8)->bits(), 0x102U);
  EXPECT_FALSE(decode_usb_rly_states(base::Bytes{0x04}, 2));
  EXPECT_FALSE(decode_usb_rly_states(base::Bytes{}, 8));
  EXPECT_FALSE(decode_usb_rly_states(base::Bytes{1, 1}, 8));
}

// Eight relays, a line buffer, an echo and a prompt.
struct NumatoBoard {
  std::string line;
  std::atomic<unsigned> relays{0};
  std::atomic<int> empty_lines{0};  // what a resynchronising driver sends
  std::atomic<bool> mute{false};
  std::atomic<bool> stuck{false};
  std::atomic<bool> mumbles{false};

  std::string obey() {
    const std::string command = std::exchange(line, {});
    if (command.empty()) ++empty_lines;
    const bool digit = !command.empty() && command.back() >= '0' && command.back() <= '7';
    const unsigned bit = digit ? 1U << (command.back() - '0') : 0U;
    if (command.starts_with("relay on ") && !stuck) relays |= bit;
    if (command.starts_with("relay off ") && !stuck) relays &= ~bit;
    if (command == "relay readall") return fmt::format("{:02x}\n\r", relays.load());
    return {};
  }

  std::string take(base::ByteView bytes) {
    if (mute) return {};
    if (mumbles) return "?\x80?>";
    std::string reply;
    for (const std::uint8_t byte : bytes) {
      if (byte == '\r') {
        reply += "\n\r" + obey() + ">";
      } else {
        line += static_cast<char>(byte);
        reply += static_cast<char>(byte);
      }
    }
    return reply;
  }
};

class Numato : public testing::Test {
 protected:
  NumatoBoard board_;
  PtyBoard port_{[this](base::ByteView bytes) { return board_.take(bytes); }};
  NumatoRelay relay_{port_.open(kNumatoBaud), 8};
};

TEST_F(Numato, SwitchesAndReadsBack) {
  const Verified done = set_and_verify(relay_, {Channel{7}, Level::on}, soon());
  EXPECT_EQ(board_.relays, 0x80U);
  EXPECT_EQ(done.after->bits(), 0x80U);
  EXPECT_GE(done.switched.not_after - done.switched.not_before, kRelayContactTime);
}

// ModemManager probes every CDC-ACM port: its text waits in the board's line buffer.
TEST_F(Numato, FindsItsPromptBehindSomebodyElsesText) {
  port_.run([this] { board_.line = "AT+GCAP"; });
  static_cast<void>(relay_.set(Channel{0}, Level::on, soon()));
  EXPECT_EQ(board_.relays, 1U);
}

TEST_F(Numato, ThatWasProbedMeanwhileIsBroughtBackIntoStep) {
  static_cast<void>(relay_.set(Channel{0}, Level::on, soon()));
  static_cast<void>(relay_.set(Channel{1}, Level::on, soon()));
  EXPECT_EQ(board_.empty_lines, 1) << "in step: no resynchronising before a cut";
  // The probe's echo arrives unasked, its text stays in the line buffer.
  port_.run([this] { board_.line = "AT+GCAP"; });
  port_.say("AT+GCAP");
  static_cast<void>(set_and_verify(relay_, {Channel{2}, Level::on}, soon()));
  EXPECT_EQ(board_.relays, 0b111U);
}

TEST_F(Numato, ThatDoesNothingIsStuck) {
  board_.stuck = true;
  expect_fault(Fault::stuck, [&] {
    static_cast<void>(set_and_verify(relay_, {Channel{1}, Level::on}, soon()));
  });
}

TEST_F(Numato, ThatIsMuteDoesNotAnswer) {
  board_.mute = true;
  expect_fault(Fault::no_answer,
               [&] { static_cast<void>(relay_.set(Channel{1}, Level::on, now() + 50ms)); });
}

TEST_F(Numato, ThatMumblesIsGarbled) {
  board_.mumbles = true;
  expect_fault(Fault::garbled,
               [&] { static_cast<void>(relay_.set(Channel{1}, Level::on, now() + 300ms)); });
}

TEST_F(Numato, HasNoChannelEight) {
  EXPECT_NE(usage_error([&] {
              static_cast<void>(relay_.set(Channel{8}, Level::on, soon()));
            }).find("it has 0 to 7"),
            std::string::npos);
}

TEST_F(Numato, ThatIsUnpluggedHasVanished) {
  port_.vanish();
  expect_fault(Fault::vanished,
               [&] { static_cast<void>(relay_.set(Channel{1}, Level::on, soon())); });
}

struct RlyBoard {
  std::atomic<unsigned> relays{0};
  std::atomic<bool> mute{false};
  std::atomic<bool> stuck{false};
  std::atomic<bool> babbles{false};

  void switch_one(unsigned index, bool on) {
    const unsigned bit = 1U << (index - 1);
    if (!stuck) relays = on ? relays | bit : relays & ~bit;
  }
  std::string take(base::ByteView bytes) {
    std::string reply;
    for (const unsigned byte : bytes) {
      if (byte >= 0x65 && byte <= 0x6C) switch_one(byte - 0x64, true);
      if (byte >= 0x6F && byte <= 0x76) switch_one(byte - 0x6E, false);
      if (byte == 0x5B && !mute) reply += static_cast<char>(relays.load());
    }
    return babbles ? "OK\r\n" : reply;
  }
};

class Rly : public testing::Test {
 protected:
  RlyBoard board_;
  PtyBoard port_{[this](base::ByteView bytes) { return board_.take(bytes); }};
  UsbRly relay_{port_.open(kUsbRlyBaud), 8};
};

TEST_F(Rly, SwitchesAndReadsBack) {
  const Verified done = set_and_verify(relay_, {Channel{8}, Level::on}, soon());
  EXPECT_EQ(board_.relays, 0x80U);
  EXPECT_EQ(done.after->at(Channel{8}), Level::on);
  static_cast<void>(set_and_verify(relay_, {Channel{8}, Level::off}, soon()));
  EXPECT_EQ(board_.relays, 0U);
}

TEST_F(Rly, Fails) {
  board_.stuck = true;
  expect_fault(Fault::stuck, [&] {
    static_cast<void>(set_and_verify(relay_, {Channel{1}, Level::on}, soon()));
  });
  board_.mute = true;
  expect_fault(Fault::no_answer,
               [&] { static_cast<void>(relay_.set(Channel{1}, Level::on, now() + 50ms)); });
  board_.babbles = true;
  expect_fault(Fault::garbled, [&] { static_cast<void>(relay_.read_back(soon())); });
  port_.vanish();
  expect_fault(Fault::vanished, [&] { static_cast<void>(relay_.read_back(soon())); });
}

}  // namespace
}  // namespace rig::power
