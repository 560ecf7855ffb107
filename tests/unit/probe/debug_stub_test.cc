// The client of a debugger stub, against one that misbehaves as it is told to. How real ones
// behave: qemu_stub_test.cc.

#include "probe/debug_stub.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "scripted_server.h"

namespace rig::probe {
namespace {

using namespace std::chrono_literals;

constexpr Address kPc = 0x08000120;

std::string registers(Address pc) {
  base::Bytes bytes(17 * 4);
  base::write_le32(bytes, 15 * 4, pc);
  return to_hex(bytes);
}

class Stubs : public testing::Test {
 protected:
  // Answers each packet from `answers`; one that is not there is not answered at all.
  std::string answer(const std::string& piece) {
    std::string all;
    std::vector<Received> packets;
    reader.receive(base::bytes_of(piece), packets);
    for (const Received& each : packets) {
      if (each.kind == Received::Kind::refused) ++refusals;
      if (each.kind != Received::Kind::packet) continue;
      commands.push_back(each.payload);
      const auto found = answers.find(each.payload);
      if (found != answers.end()) all += "+" + (raw ? found->second : framed(found->second));
    }
    return all;
  }
  void connect() {
    stub.emplace(loop, StubPlace{.port = server.port(), .reach_within = 2s, .answer_within = 100ms},
                 DebugStub::Handlers{.failed =
                                         [this](const base::RigError& error) {
                                           failures.push_back(error.what());
                                           code = error.code();
                                         },
                                     .stopped = {}},
                 [this] { attached = true; });
  }
  void attach() {
    connect();
    ASSERT_TRUE(loop.run_until([&] { return attached; }, 5s));
  }
  void expect_failure(const std::string& part, std::errc expected) {
    ASSERT_TRUE(loop.run_until([&] { return !failures.empty(); }, 5s));
    EXPECT_NE(failures[0].find(part), std::string::npos) << failures[0];
    EXPECT_EQ(code, std::make_error_condition(expected)) << code.message();
    loop.run_for(10ms);
    EXPECT_EQ(failures.size(), 1U);
  }
  [[nodiscard]] std::size_t count(const std::string& command) const {
    return static_cast<std::size_t>(std::ranges::count(commands, command));
  }

  io::Loop loop;
  std::map<std::string, std::string> answers{{"qqemu.sstepbits", ""},
                                             {"qSupported", "PacketSize=40"},
                                             {"?", "S05"},
                                             {"g", registers(kPc)}};
  bool raw{false};
  PacketReader reader;
  std::vector<std::string> commands;
  int refusals{0};
  ScriptedServer server{loop, [this](const std::string& piece) { return answer(piece); }};
  std::optional<DebugStub> stub;
  bool attached{false};
  std::vector<std::string> failures;
  std::error_code code;
};

TEST_F(Stubs, ReadMemoryInPiecesThatFitTheirPackets) {
  for (int at = 0; at < 40; at += 16) {
    const std::size_t size = at == 32 ? 8 : 16;
    answers[read_command(0x20000000U + static_cast<Address>(at), size)] =
        to_hex(base::Bytes(size, static_cast<std::uint8_t>(at)));
  }
  attach();
  base::Bytes bytes;
  stub->read_memory(0x20000000, 40, [&](base::Bytes read) { bytes = std::move(read); });
  ASSERT_TRUE(loop.run_until([&] { return !bytes.empty(); }, 5s));
  ASSERT_EQ(bytes.size(), 40U);
  EXPECT_EQ(bytes[0], 0);
  EXPECT_EQ(bytes[16], 16);
  EXPECT_EQ(bytes[39], 32);
}

TEST_F(Stubs, SayWhatTheyRefuse) {
  answers["m0,4"] = "E01";
  attach();
  bool read = false;
  stub->read_memory(0, 4, [&](auto) { read = true; });
  expect_failure("read 4 bytes at 0x00000000", std::errc::io_error);
  EXPECT_NE(failures[0].find("E01"), std::string::npos);
  EXPECT_FALSE(read);
  // The first cause is told again and again.
  try {
    stub->halt({});
    FAIL();
  } catch (const base::RigError& error) {
    EXPECT_EQ(error.what(), failures[0]);
  }
}

TEST_F(Stubs, SayThatACommandIsUnknown) {
  answers["Z2,20000000,4"] = "";
  attach();
  stub->insert({Trigger::Kind::write, 0x20000000, 4}, {});
  expect_failure("insert the write of 4 bytes at 0x20000000", std::errc::io_error);
}

TEST_F(Stubs, FailWhenTheyAreMute) {
  answers.erase("?");
  connect();
  expect_failure("100 ms", std::errc::timed_out);
  EXPECT_FALSE(attached);
}

TEST_F(Stubs, FailWhenTheyCannotBeReached) {
  server.die();
  stub.emplace(loop, StubPlace{.port = server.port(), .reach_within = 100ms},
               DebugStub::Handlers{.failed =
                                       [this](const base::RigError& error) {
                                         failures.push_back(error.what());
                                         code = error.code();
                                       },
                                   .stopped = {}},
               DebugStub::Done{});
  expect_failure("127.0.0.1:" + std::to_string(server.port()), std::errc::connection_refused);
}

TEST_F(Stubs, FailWhenTheyDieWhileTheTargetRuns) {
  attach();
  bool runs = false;
  stub->resume([&] { runs = true; });
  ASSERT_TRUE(loop.run_until([&] { return runs; }, 5s));
  loop.run_for(150ms);  // a run has no limit
  EXPECT_TRUE(failures.empty());
  server.die();
  expect_failure("is it still running?", std::errc::connection_reset);
}

TEST_F(Stubs, FailWhenATargetDoesNotHalt) {
  attach();
  stub->resume({});
  stub->halt({});
  expect_failure("halt the target", std::errc::timed_out);
}

TEST_F(Stubs, FailOnGarbage) {
  attach();
  server.send("Error: no flash bank\r\n");
  expect_failure("'E'", std::errc::protocol_error);
}

TEST_F(Stubs, AskAgainForADamagedPacketButNotForEver) {
  raw = true;
  answers = {{"qqemu.sstepbits", "$#01"}};
  connect();
  ASSERT_TRUE(loop.run_until([&] { return refusals == 1; }, 5s));
  server.send("$#01");
  server.send("$#01");
  server.send("$#01");
  expect_failure("damaged", std::errc::protocol_error);
  EXPECT_EQ(refusals, 3);
}

TEST_F(Stubs, SendAgainWhatWasRefused) {
  answers.erase("?");
  connect();
  ASSERT_TRUE(loop.run_until([&] { return count("?") == 1; }, 5s));
  answers["?"] = "S05";
  server.send("-");
  ASSERT_TRUE(loop.run_until([&] { return attached; }, 5s));
  EXPECT_EQ(count("?"), 2U);
}

TEST_F(Stubs, StopAcknowledgingWhenTheyAgreeTo) {
  answers["qSupported"] = "PacketSize=40;QStartNoAckMode+";
  answers["QStartNoAckMode"] = "OK";
  attach();
  const auto acks = std::ranges::count(server.received(), '+');
  EXPECT_EQ(acks, 3);  // of the answers answers before it was agreed on
}

TEST_F(Stubs, CountEachHitOfABreakpointOnceEvenIfItStandsOnIt) {
  const std::string insert = "Z1,8000120,2";
  answers[insert] = answers["z1,8000120,2"] = "OK";
  attach();
  std::optional<DebugStub::Hit> hit;
  stub->arm({.address = kPc}, 2, [&](const auto& at) { hit = at; }, {});
  stub->resume({});
  // It stands on the breakpoint: that is the first hit, and it has to step off to run.
  ASSERT_TRUE(loop.run_until([&] { return count("s") == 1; }, 5s));
  EXPECT_EQ(stub->hits(), 1U);
  EXPECT_EQ(count("c"), 0U);
  answers["g"] = registers(kPc + 2);
  server.send(framed("S05"));
  ASSERT_TRUE(loop.run_until([&] { return count("c") == 1; }, 5s));
  EXPECT_EQ(count(insert), 2U);
  EXPECT_FALSE(hit);
  answers["g"] = registers(kPc);
  server.send(framed("T05thread:01;"));
  ASSERT_TRUE(loop.run_until([&] { return hit.has_value(); }, 5s));
  EXPECT_EQ(hit->pc, kPc);
  EXPECT_EQ(hit->hits, 2U);
  EXPECT_FALSE(stub->running());
  EXPECT_EQ(count("c"), 1U);
}

TEST_F(Stubs, CountABreakpointOnWhichALoopStepsOntoItself) {
  answers["Z1,8000120,2"] = answers["z1,8000120,2"] = "OK";
  answers["s"] = "S05";  // and the PC stays: "b ."
  attach();
  std::uint64_t hits = 0;
  stub->arm({.address = kPc}, 5, [&](const auto& at) { hits = at.hits; }, {});
  stub->resume({});
  ASSERT_TRUE(loop.run_until([&] { return hits == 5; }, 5s));
  EXPECT_EQ(count("c"), 0U);
  EXPECT_EQ(count("s"), 4U);
}

TEST_F(Stubs, IgnoreAStopThatCrossedTheInterrupt) {
  attach();
  stub->resume({});
  ASSERT_TRUE(loop.run_until([&] { return count("c") == 1; }, 5s));
  bool halted = false;
  stub->halt([&] { halted = true; });
  server.send(framed("T02thread:01;") + framed("T02thread:01;"));
  ASSERT_TRUE(loop.run_until([&] { return halted; }, 5s));
  loop.run_for(20ms);
  EXPECT_TRUE(failures.empty());
}

TEST_F(Stubs, IgnoreWhatAProgramPrintsAndWhatIsNotified) {
  attach();
  stub->resume({});
  ASSERT_TRUE(loop.run_until([&] { return count("c") == 1; }, 5s));
  server.send(framed("O48690a") + "%" + framed("oocd_keepalive:2F").substr(1));
  loop.run_for(20ms);
  EXPECT_TRUE(failures.empty());
  EXPECT_TRUE(stub->running());
}

TEST_F(Stubs, FailWhenTheTargetStopsByItself) {
  attach();
  stub->resume({});
  ASSERT_TRUE(loop.run_until([&] { return count("c") == 1; }, 5s));
  server.send(framed("T0b"));
  expect_failure("stopped by itself at 0x08000120, signal 11", std::errc::state_not_recoverable);
}

TEST_F(Stubs, MayBeDestroyedByAnyCallback) {
  answers["m0,1"] = "00";
  attach();
  stub->read_memory(0, 1, [&](auto) { stub.reset(); });
  ASSERT_TRUE(loop.run_until([&] { return !stub; }, 5s));

  attached = false;
  connect();
  ASSERT_TRUE(loop.run_until([&] { return attached; }, 5s));
  stub->resume([&] { stub.reset(); });
  ASSERT_TRUE(loop.run_until([&] { return !stub; }, 5s));
  EXPECT_TRUE(failures.empty());

  stub.emplace(loop, StubPlace{.port = server.port(), .answer_within = 50ms},
               DebugStub::Handlers{.failed = [&](const auto&) { stub.reset(); }, .stopped = {}},
               [&] { stub->read_memory(4, 4, {}); });
  ASSERT_TRUE(loop.run_until([&] { return !stub; }, 5s));
}

}  // namespace
}  // namespace rig::probe
