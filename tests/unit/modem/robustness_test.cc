// Whatever comes down the line, the modem stays a modem; and a copy of it stays its twin.
#include "base/random.h"
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

const std::vector<std::string>& fragments() {
  static const std::vector<std::string> kFragments = {"AT",
                                                      "at+",
                                                      "\r",
                                                      "\n",
                                                      ";",
                                                      "\"",
                                                      "=",
                                                      "?",
                                                      "=?",
                                                      ",",
                                                      "+USOCR=17",
                                                      "+USOCR=6",
                                                      "+USOST=0,\"1.2.3.4\",5,",
                                                      "+USORF=0,",
                                                      "1024",
                                                      "0",
                                                      "+USOCL=0",
                                                      "+USOCO=0,",
                                                      "\"1.2.3.4\",80",
                                                      "+UPSD=0,1",
                                                      "+UPSDA=0,3",
                                                      "+UPSDA=0,4",
                                                      "+CFUN=",
                                                      "16",
                                                      "+CPWROFF",
                                                      "E1",
                                                      "&K",
                                                      "+CREG",
                                                      "99999999999",
                                                      "-1",
                                                      " ",
                                                      "\b",
                                                      "+USOWR=0,3",
                                                      "+USORD=0,",
                                                      "+USOCTL=",
                                                      "+CGATT=0",
                                                      "+CGATT=1",
                                                      "+COPS=2",
                                                      "+COPS=0",
                                                      "+UDNSRN=0,"};
  return kFragments;
}

const std::vector<std::string>& lines() {
  static const std::vector<std::string> kLines = {"AT",
                                                  "AT+CGATT=1",
                                                  "AT+UPSD=0,1,\"iot.example.net\"",
                                                  "AT+UPSDA=0,3",
                                                  "AT+USOCR=17",
                                                  "AT+USOCR=6",
                                                  "AT+USOCO=0,\"1.2.3.4\",80",
                                                  "AT+USOST=1,\"1.2.3.4\",80,9",
                                                  "AT+USORF=0,1024",
                                                  "AT+USORF=1,7",
                                                  "AT+USORD=0,1024",
                                                  "AT+USOCL=0",
                                                  "AT+USOCL=1",
                                                  "AT+CREG=2;+CGREG=2;+CMER=1,0,0,2,1",
                                                  "AT+COPS=0",
                                                  "AT+UPSD=0",
                                                  "AT+USOCTL=0,10"};
  return kLines;
}

std::string noise(base::Random& random) {
  if (random.below(3) != 0) return lines()[random.below(lines().size())] + "\r";
  std::string bytes;
  for (std::uint64_t i = random.below(12); i > 0; --i) {
    if (random.below(5) == 0) {
      bytes += static_cast<char>(random.below(256));
    } else {
      bytes += fragments()[random.below(fragments().size())];
    }
  }
  if (random.below(2) == 0) bytes += "\r";
  return bytes;
}

base::Packet stray(base::Random& random) {
  base::Packet packet = datagram_to(static_cast<std::uint16_t>(49152 + random.below(4)), "stray");
  packet.protocol = random.below(2) == 0 ? base::Protocol::tcp : base::Protocol::udp;
  packet.tcp_flags = static_cast<std::uint8_t>(random.below(32));
  packet.sequence = static_cast<std::uint32_t>(random.next());
  packet.acknowledgement = static_cast<std::uint32_t>(random.next());
  packet.payload.resize(random.below(1500));
  return packet;
}

// The power goes for a moment, or comes back to a modem that was told to switch itself off.
void disturb(Bench& bench, base::Random& random) {
  switch (random.below(4)) {
    case 0:
      bench.modem.set_reset_pin(false, bench.now);
      bench.pass(std::chrono::milliseconds(random.below(200)));
      bench.modem.set_reset_pin(true, bench.now);
      break;
    case 1:
      bench.modem.set_supply(false, bench.now);
      bench.pass(std::chrono::milliseconds(random.below(200)));
      [[fallthrough]];
    default:
      bench.modem.set_supply(true, bench.now);
      bench.modem.set_power_pin(false, bench.now);
      bench.pass(std::chrono::milliseconds(random.below(1200)));
      bench.modem.set_power_pin(true, bench.now);
  }
}

// One random act on the modem; the same for the same state of `random`.
void act(Bench& bench, base::Random& random) {
  const std::uint64_t kind = random.below(100);
  if (kind < 20) {
    bench.deliver(stray(random));
  } else if (kind < 23) {
    disturb(bench, random);
  } else if (kind < 30) {
    bench.pass(std::chrono::milliseconds(random.below(20'000)));
  } else {
    bench.say(noise(random));
  }
  bench.pass(std::chrono::milliseconds(random.below(200)));
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

class Noise : public testing::TestWithParam<Model> {};

TEST_P(Noise, NeverBreaksIt) {
  std::size_t answers = 0;
  std::size_t sockets = 0;
  std::size_t sessions = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    base::Random random(seed);
    Bench bench(third_party_card(), GetParam(), seed);
    bench.modem.set_quirks({.urc_before_answer = seed % 2 == 0 ? 0.5 : 0.0});
    run(bench, switch_on(GetParam()));
    if (GetParam() == Model::sara_r410) {
      run(bench, {ask("AT+CGDCONT=1,\"IP\",\"iot.example.net\"", {"OK"})});
    }
    for (int i = 0; i < 400; ++i) act(bench, random);
    // Whatever it was told: after a power cycle it is the modem that it was.
    run(bench, {supply(false), pass(10s)});
    (void)bench.heard();
    run(bench, switch_on(GetParam()));
    run(bench, {ask("AT+CGMI", {"u-blox", "OK"})});
    if (HasFailure()) return;
    answers += count(bench.history(), " answer OK\n");
    sockets += count(bench.history(), " answer +USOCR: ");
    sessions += count(bench.history(), " state registered\n");
  }
  // Otherwise the noise never got through to anything.
  EXPECT_GT(answers, 500U);
  EXPECT_GT(sockets, 20U);
  EXPECT_GT(sessions, 40U);
}

INSTANTIATE_TEST_SUITE_P(Models, Noise, testing::Values(Model::sara_u2, Model::sara_r410));

TEST(Robustness, ACopyTakenAtAnyMomentIsATwin) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Bench original(third_party_card(), Model::sara_u2, seed);
    run(original, go_online());
    base::Random before(seed);
    for (std::uint64_t i = seed * 7; i > 0; --i) act(original, before);
    Bench copy = original;
    base::Random of_original(seed + 1000);
    base::Random of_copy(seed + 1000);
    for (int i = 0; i < 100; ++i) {
      act(original, of_original);
      act(copy, of_copy);
    }
    ASSERT_EQ(original.history(), copy.history());
    ASSERT_EQ(original.heard(), copy.heard());
  }
}

TEST(Robustness, TheSeedDecidesTheDelays) {
  const auto history = [](std::uint64_t seed) {
    Bench bench(third_party_card(), Model::sara_u2, seed);
    run(bench, go_online());
    return bench.history();
  };
  EXPECT_EQ(history(5), history(5));
  EXPECT_NE(history(5), history(6));
}

TEST(Robustness, BeingCalledLateChangesOnlyTheStamps) {
  Bench prompt;
  run(prompt, switch_on());
  Bench late = prompt;
  prompt.say("AT+CGMI\rAT+CGMM\r");
  prompt.pass(10s);
  late.say("AT+CGMI\rAT+CGMM\r");
  late.now += 10s;
  late.modem.advance(late.now);
  late.pass(0s);
  EXPECT_EQ(prompt.heard(), late.heard());
  EXPECT_EQ(prompt.states(), late.states());
}

}  // namespace
}  // namespace rig::modem
