// Serial consoles against the kernel's terminals: pseudo-terminals in place of adapters.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "base/rig_error.h"
#include "unit/console/serial_consoles.h"

namespace rig::console {
namespace {

TEST_F(SerialConsoles, HearLinesWithTheTimeOfTheirFirstAndLastByte) {
  PseudoTerminal board;
  const auto console = open(board.node());
  const Time before = io::now();
  board.say("boot\r\nslo");
  EXPECT_TRUE(hears("boot|"));
  const Time between = io::now();
  board.say("t=1\n");
  EXPECT_TRUE(hears("boot|slot=1|"));
  EXPECT_GE(told.at<Line>(0).first, before);
  EXPECT_LE(told.at<Line>(1).first, between);
  EXPECT_GE(told.at<Line>(1).last, between);
  EXPECT_EQ(console->received(), 13U);
  EXPECT_TRUE(logs("boot\r\nslot=1\n"));
}

TEST_F(SerialConsoles, KeepGarbageAsText) {
  PseudoTerminal board;
  const auto console = open(board.node());
  std::string garbage;
  for (int byte = 0; byte < 256; ++byte) garbage += static_cast<char>(byte);
  board.say(garbage + "\nok \xc3\xa4\n");
  EXPECT_TRUE(loop.run_until([&] { return told.size() == 3; }, 10s));
  EXPECT_TRUE(told.at<Line>(0).text.starts_with("\\x00\\x01\\x02"));
  EXPECT_TRUE(told.at<Line>(1).text.ends_with("\\xfe\\xff"));
  EXPECT_EQ(told.at<Line>(2).text, "ok \xc3\xa4");
  EXPECT_TRUE(logs(garbage + "\nok \xc3\xa4\n"));
}

TEST_F(SerialConsoles, KeepLinesOf64Kilobytes) {
  PseudoTerminal board;
  const auto console = open(board.node());
  const std::string text(64U << 10, 'x');
  std::thread talking([&] { board.say(text + "\n" + text + "y\n"); });
  EXPECT_TRUE(loop.run_until([&] { return told.size() == 3; }, 20s));
  talking.join();
  EXPECT_EQ(told.at<Line>(0).text, text);
  EXPECT_EQ(told.at<Line>(1).text, text);
  EXPECT_EQ(told.at<Line>(1).end, io::LineEnd::limit);
  EXPECT_EQ(told.at<Line>(2).text, "y");
  EXPECT_TRUE(told.at<Line>(2).continues);
}

TEST_F(SerialConsoles, HandOverAPromptAfterSilence) {
  silence = 50ms;
  PseudoTerminal board;
  const auto console = open(board.node());
  board.say("login: ");
  EXPECT_TRUE(hears("login: |"));
  EXPECT_EQ(told.at<Line>(0).end, io::LineEnd::silence);
  EXPECT_LT(told.at<Line>(0).last, io::now() - 45ms);
}

TEST_F(SerialConsoles, WriteToTheBoard) {
  PseudoTerminal board;
  const auto console = open(board.node());
  console->write(base::bytes_of("AT\r\n\x03\xff"));
  EXPECT_EQ(board.hear(), "AT\r\n\x03\xff");
}

TEST_F(SerialConsoles, DoNotWaitForABoardThatDoesNotRead) {
  PseudoTerminal board;
  const auto console = open(board.node());
  const base::Bytes much(200U << 10, 'x');
  console->write(much);
  EXPECT_THROW(console->write(much), base::RigError);
  std::size_t heard = 0;
  const Time end = io::now() + 10s;
  while (heard < much.size() && io::now() < end) {
    loop.run_for(1ms);
    heard += board.hear().size();
  }
  EXPECT_EQ(heard, much.size());
}

TEST_F(SerialConsoles, KeepWhatWasSaidBeforeTheyOpened) {
  PseudoTerminal board;
  board.say("early boot\n");
  const auto console = open(board.node());
  EXPECT_TRUE(hears("early boot|"));
}

TEST_F(SerialConsoles, DiscardItIfSo) {
  PseudoTerminal board;
  board.say("stale\n");
  ::tcdrain(board.board());
  const auto console =
      open({.match = {.path = board.node()}, .settings = {.stale = SerialSettings::Stale::discard}},
           told);
  board.say("boot\n");
  EXPECT_TRUE(hears("boot|"));
}

TEST_F(SerialConsoles, SayNothingWhileTheBoardIsSilent) {
  PseudoTerminal board;
  const auto console = open(board.node());
  loop.run_for(200ms);
  EXPECT_EQ(told.text(), "");
  EXPECT_TRUE(console->present());
  EXPECT_FALSE(console->last_received());
}

TEST_F(SerialConsoles, SayWhatIsNoSerialPort) {
  for (const char* path : {"/dev/null", "/etc/hostname", "/no/such/port"}) {
    EXPECT_THROW(open(path), base::RigError) << path;
  }
}

TEST_F(SerialConsoles, RefuseAPortInUseAndNameTheHolder) {
  PseudoTerminal board;
  const auto console = open(board.node());
  try {
    const auto second = open(board.node());
    FAIL();
  } catch (const base::RigError& error) {
    EXPECT_EQ(error.code(), std::errc::device_or_resource_busy);
    EXPECT_NE(std::string(error.what()).find("unit_console (process "), std::string::npos)
        << error.what();
  }
}

// Between its fork and its exec, a child that another thread starts has a copy of everything.
TEST_F(SerialConsoles, LetGoOfTheirPortAlthoughAChildStillHasACopy) {
  PseudoTerminal board;
  auto console = open(board.node());
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  console.reset();
  EXPECT_NO_THROW(console = open(board.node()));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(SerialConsoles, EndALineForACut) {
  PseudoTerminal board;
  const auto console = open(board.node());
  board.say("wri");
  EXPECT_TRUE(loop.run_until([&] { return console->received() == 3; }, 10s));
  console->end_line();
  board.say("boot\n");
  EXPECT_TRUE(hears("wri|boot|"));
}

TEST_F(SerialConsoles, DoNotWriteToAReleasedBoard) {
  PseudoTerminal board;
  const auto console = open(board.node());
  console->release_board(true);
  EXPECT_THROW(console->write(base::bytes_of("x")), base::RigError);
  console->release_board(false);
  console->write(base::bytes_of("y"));
  EXPECT_EQ(board.hear(), "y");
}

TEST_F(SerialConsoles, HoldTheirLogInAnArmedWindow) {
  PseudoTerminal board;
  const auto console = open(board.node());
  console->hold_log(true);
  board.say("trigger\n");
  EXPECT_TRUE(hears("trigger|"));
  loop.run_for(150ms);  // longer than the log waits
  EXPECT_EQ(logged(), "");
  console->hold_log(false);
  EXPECT_EQ(logged(), "trigger\n");
}

TEST_F(SerialConsoles, MayBeCalledByTheirListener) {
  PseudoTerminal board;
  const auto console = open(board.node());
  std::string order;
  console->listen([&](const Event& event) {
    order += std::get<Line>(event).text + "(";
    if (order == "one(") console->end_line();
    console->write(base::bytes_of("x"));
    order += ")";
  });
  board.say("one\ntwo\nrest");
  EXPECT_TRUE(loop.run_until([&] { return console->received() == 12; }, 10s));
  EXPECT_EQ(order, "one()two()rest()");
  EXPECT_EQ(board.hear(), "xxx");
}

TEST_F(SerialConsoles, SurviveAListenerThatThrows) {
  PseudoTerminal board;
  const auto console = open(board.node());
  console->listen([](const Event&) { throw std::runtime_error("we are wrong"); });
  board.say("one\n");
  EXPECT_THROW(loop.run_for(10s), std::runtime_error);
  console->listen([this](const Event& event) { told(event); });
  board.say("two\n");
  EXPECT_TRUE(hears("two|"));
  EXPECT_TRUE(logs("one\ntwo\n"));
}

TEST_F(SerialConsoles, LoseNothingOfAFlood) {
  constexpr int kLines = 40'000;
  PseudoTerminal board;
  const auto console = open(board.node());
  std::uint64_t lines = 0;
  std::uint64_t wrong = 0;
  console->listen([&](const Event& event) {
    const auto* line = std::get_if<Line>(&event);
    if (line == nullptr) return;
    wrong += std::stoull(line->text) == lines ? 0 : 1;
    ++lines;
  });
  std::thread talking([&] {
    std::string text;
    for (int i = 0; i < kLines; ++i) {
      text += fmt::format("{:<10}{:x>89}\n", i, "");
    }
    board.say(text);
  });
  const Time start = io::now();
  EXPECT_TRUE(loop.run_until([&] { return lines == kLines; }, 60s));
  const double seconds = base::to_seconds(io::now() - start);
  talking.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(console->received(), 100U * kLines);
  EXPECT_TRUE(loop.run_until([&] { return logged().size() == 100U * kLines; }, 10s));
  RecordProperty("megabytes_per_second", std::to_string(kLines * 100 / seconds / 1e6));
}

TEST_F(SerialConsoles, RunSideBySide) {
  constexpr int kBoards = 8;
  constexpr int kLines = 500;
  std::vector<std::unique_ptr<PseudoTerminal>> boards;
  std::vector<std::unique_ptr<SerialConsole>> consoles;
  std::vector<Told> heard(kBoards);
  for (int i = 0; i < kBoards; ++i) {
    boards.push_back(std::make_unique<PseudoTerminal>());
    consoles.push_back(std::make_unique<SerialConsole>(
        loop, ConsoleSettings{.name = std::to_string(i)},
        SerialConsole::Place{.match = {.path = boards.back()->node()}}));
    consoles.back()->listen(
        [&told = heard.at(static_cast<std::size_t>(i))](const Event& event) { told(event); });
  }
  std::thread talking([&] {
    for (int line = 0; line < kLines; ++line) {
      for (int i = 0; i < kBoards; ++i) {
        boards[static_cast<std::size_t>(i)]->say(fmt::format("{} {}\n", i, line));
      }
    }
  });
  const auto all_heard = [&] {
    return std::ranges::all_of(heard, [](const Told& each) { return each.size() == kLines; });
  };
  EXPECT_TRUE(loop.run_until(all_heard, 30s));
  talking.join();
  for (std::size_t i = 0; i < heard.size(); ++i) {
    EXPECT_EQ(heard[i].at<Line>(kLines - 1).text, fmt::format("{} {}", i, kLines - 1));
  }
}

TEST_F(SerialConsoles, GoOnWhenTheirLogFails) {
  PseudoTerminal board;
  SerialConsole console(loop, {.name = "uart", .log_file = "/dev/full"},
                        {.match = {.path = board.node()}});
  console.listen([this](const Event& event) { told(event); });
  board.say("one\n");
  EXPECT_TRUE(loop.run_until([&] { return told.size() == 2; }, 10s));
  board.say("two\n");
  EXPECT_TRUE(loop.run_until([&] { return told.size() == 3; }, 10s));
  EXPECT_TRUE(told.at<Trouble>(1).what.starts_with("write console log /dev/full: No space left"));
  EXPECT_EQ(told.at<Line>(2).text, "two");
  EXPECT_THROW(SerialConsole(loop, {.name = "uart", .log_file = "/no/such/folder/log"},
                             {.match = {.path = board.node()}}),
               base::RigError);
}

}  // namespace
}  // namespace rig::console
