// What every console keeps, whatever is behind it: the fake of other modules' tests, a serial port
// (a pseudo-terminal), a stream (a pair of sockets), a process.

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <optional>

#include "console/process_console.h"
#include "console/serial_console.h"
#include "console/stream_console.h"
#include "unit/console/fake_console.h"
#include "unit/console/pseudo_terminal.h"
#include "unit/console/told.h"

namespace rig::console {
namespace {

using namespace std::chrono_literals;

// A console and the board behind it.
class Bench {
 public:
  virtual ~Bench() = default;
  virtual Console& console() = 0;
  virtual void say(const std::string& text) = 0;
  virtual std::string heard() = 0;  // by the board, since the last time
  virtual void unplug() = 0;
};

class FakeBench final : public Bench {
 public:
  explicit FakeBench(io::Loop&) {}
  Console& console() override { return fake_; }
  void say(const std::string& text) override { fake_.say(text, io::now()); }
  std::string heard() override { return fake_.written(); }
  void unplug() override { fake_.vanish(io::now()); }

 private:
  FakeConsole fake_;
};

class SerialBench final : public Bench {
 public:
  explicit SerialBench(io::Loop& loop)
      : console_(loop, {.name = "serial"}, {.match = {.path = board_.node()}}) {}
  Console& console() override { return console_; }
  void say(const std::string& text) override { board_.say(text); }
  std::string heard() override { return board_.hear(); }
  void unplug() override { board_.unplug(); }

 private:
  PseudoTerminal board_;
  SerialConsole console_;
};

class StreamBench final : public Bench {
 public:
  explicit StreamBench(io::Loop& loop) : console_(loop, {.name = "stream"}) {
    console_.attach({.in = std::move(pair_.ours)}, "");
  }
  Console& console() override { return console_; }
  void say(const std::string& text) override {
    EXPECT_EQ(::write(pair_.theirs.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  std::string heard() override {
    char text[64];
    const ssize_t count = ::read(pair_.theirs.get(), text, sizeof text);
    return {text, static_cast<std::size_t>(count < 0 ? 0 : count)};
  }
  void unplug() override { pair_.theirs.reset(); }

 private:
  io::SocketPair pair_{io::make_socket_pair()};
  StreamConsole console_;
};

// The program copies between the console and a pair of sockets on its descriptors 3 (in) and 4.
class ProcessBench final : public Bench {
 public:
  explicit ProcessBench(io::Loop& loop)
      : console_(loop, {.name = "process"},
                 {.command = {.argv = {"sh", "-c", "cat <&4 & exec cat >&3"},
                              .descriptors = {{.ours = pair_.theirs.get(), .theirs = 3},
                                              {.ours = pair_.theirs.get(), .theirs = 4}}},
                  .start_again_after = std::nullopt}) {
    pair_.theirs.reset();
  }
  Console& console() override { return console_; }
  void say(const std::string& text) override {
    EXPECT_EQ(::write(pair_.ours.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  std::string heard() override {
    char text[64];
    const ssize_t count = ::read(pair_.ours.get(), text, sizeof text);
    return {text, static_cast<std::size_t>(count < 0 ? 0 : count)};
  }
  void unplug() override { console_.stop(); }

 private:
  io::SocketPair pair_{io::make_socket_pair()};
  ProcessConsole console_;
};

template <typename Kind>
class Contract : public testing::Test {
 protected:
  Contract() {
    bench.console().listen([this](const Event& event) { told(event); });
  }
  bool hears(const std::string& text) {
    return loop.run_until([&] { return told.text() == text; }, 10s);
  }

  io::Loop loop;
  Told told;
  Kind bench{loop};
};

using Kinds = testing::Types<FakeBench, SerialBench, StreamBench, ProcessBench>;
TYPED_TEST_SUITE(Contract, Kinds);

TYPED_TEST(Contract, LinesComeInOrderWithTheirTimesAndOffsets) {
  Console& console = this->bench.console();
  EXPECT_FALSE(console.last_received());
  const Time before = io::now();
  this->bench.say("boot\r\nslot=1\n");
  ASSERT_TRUE(this->hears("boot|slot=1|"));
  const auto& line = this->told.template at<Line>(1);
  EXPECT_GE(line.first, before);
  EXPECT_GE(line.last, line.first);
  EXPECT_EQ(line.offset, 6U);
  EXPECT_EQ(console.received(), 13U);
  EXPECT_EQ(console.last_received(), line.last);
}

TYPED_TEST(Contract, WhatIsWrittenReachesTheBoard) {
  this->bench.console().write(base::bytes_of("AT\r\n"));
  EXPECT_EQ(this->bench.heard(), "AT\r\n");
}

TYPED_TEST(Contract, ABoardReleasedForACutIsNotWrittenTo) {
  Console& console = this->bench.console();
  console.release_board(true);
  EXPECT_THROW(console.write(base::bytes_of("x")), base::RigError);
  console.release_board(false);
  console.write(base::bytes_of("y"));
  EXPECT_EQ(this->bench.heard(), "y");
}

TYPED_TEST(Contract, AbsenceIsToldOnceAndIsNotSilence) {
  Console& console = this->bench.console();
  this->bench.say("hal");
  ASSERT_TRUE(this->loop.run_until([&] { return console.received() == 3; }, 10s));
  EXPECT_TRUE(console.present());
  this->bench.unplug();
  EXPECT_TRUE(this->loop.run_until([&] { return this->told.size() == 2; }, 10s));
  EXPECT_FALSE(console.present());
  EXPECT_THROW(console.write(base::bytes_of("x")), base::RigError);
  this->loop.run_for(50ms);
  // A process that ended says how, too.
  std::erase_if(this->told.events,
                [](const Event& event) { return std::holds_alternative<Trouble>(event); });
  EXPECT_EQ(this->told.text(), "hal|<vanished>|");
}

TYPED_TEST(Contract, ALineIsEndedForACut) {
  Console& console = this->bench.console();
  this->bench.say("wri");
  ASSERT_TRUE(this->loop.run_until([&] { return console.received() == 3; }, 10s));
  console.end_line();
  EXPECT_EQ(this->told.text(), "wri|");
  this->bench.say("boot\n");
  EXPECT_TRUE(this->hears("wri|boot|"));
}

TYPED_TEST(Contract, AnotherListenerTakesOver) {
  Told other;
  this->bench.console().listen([&](const Event& event) { other(event); });
  this->bench.say("boot\n");
  EXPECT_TRUE(this->loop.run_until([&] { return other.text() == "boot|"; }, 10s));
  EXPECT_EQ(this->told.text(), "");
}

}  // namespace
}  // namespace rig::console
