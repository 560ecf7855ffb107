// Notifications: framed, and never inside an answer.
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

TEST(Urc, WaitsWhileALineIsTyped) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), say("AT+CG"), datagram(7, "abc"), is_silent(5s),
       say("MI\r"), hears(framed({"u-blox", "OK"}) + framed({"+UUSORF: 0,3"}))});
}

TEST(Urc, WaitsWhileACommandIsCarriedOut) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), say("AT+UDNSRN=0,\"nowhere\"\r"), pass(1s),
       datagram(7, "abc"), is_silent(900ms), hears(framed({"ERROR"}) + framed({"+UUSORF: 0,3"}))});
}

TEST(Urc, WaitsBehindThePrompt) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), ask_prompt("AT+USOST=0,\"10.10.10.10\",5684,2"),
       datagram(7, "abc"), is_silent(1s), say("x"), is_silent(1s), say("y"),
       hears(framed({"+USOST: 0,2", "OK"}) + framed({"+UUSORF: 0,3"}))});
}

TEST(Urc, IsNotSentForDataThatWasReadMeanwhile) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), say("AT+USORF=0,1024\r"), datagram(7, "abc"),
       hears("\r\n+USORF: 0,\"10.10.10.10\",5684,3,\"abc\"" + framed({"OK"})), is_silent(1s)});
}

// How often a notification came between a command and its answer, in 200 tries.
int sneaked(Bench& bench) {
  int count = 0;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"})});
  for (int i = 0; i < 200; ++i) {
    bench.deliver(datagram_to(7, "abc"));
    bench.pass(5ms);
    bench.say("AT+CGMI\r");
    bench.pass(1s);
    const std::string heard = bench.heard();
    const std::size_t urc = heard.find(framed({"+UUSORF: 0,3"}));
    const std::size_t answer = heard.find(framed({"u-blox", "OK"}));
    EXPECT_NE(urc, std::string::npos) << visible(heard);
    EXPECT_NE(answer, std::string::npos) << visible(heard);
    EXPECT_EQ(heard.size(), framed({"+UUSORF: 0,3"}).size() + framed({"u-blox", "OK"}).size());
    bench.say("AT+USORF=0,1024\r");
    bench.pass(1s);
    (void)bench.heard();
    const std::string history = bench.history();
    const std::size_t last_command = history.rfind("command AT+CGMI\n");
    const std::size_t last_urc = history.rfind(" urc ");
    const std::size_t last_answer = history.rfind("answer u-blox\n");
    if (last_command < last_urc && last_urc < last_answer) ++count;
  }
  return count;
}

TEST(Urc, SneaksBetweenCommandAndAnswerOnlyWhenToldTo) {
  Bench plain;
  EXPECT_EQ(sneaked(plain), 0);
  Bench sneaky;
  sneaky.modem.set_quirks({.urc_before_answer = 0.5});
  const int count = sneaked(sneaky);
  EXPECT_GT(count, 20);
  EXPECT_LT(count, 120);
  Bench again;
  again.modem.set_quirks({.urc_before_answer = 0.5});
  EXPECT_EQ(sneaked(again), count);
}

TEST(Urc, WithheldForAHalfTypedLineComesAfterIt) {
  Bench bench;
  bench.modem.set_quirks({.urc_before_answer = 1});
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), datagram(7, "abc"), is_silent(100ms),
              say("AT+CG"), is_silent(5s), say("MI\r"), hears_urc("+UUSORF: 0,3", 0s),
              hears(framed({"u-blox", "OK"}))});
}

TEST(Urc, WithheldComesByItselfWhenNoCommandDoes) {
  Bench bench;
  bench.modem.set_quirks({.urc_before_answer = 1});
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), datagram(7, "abc"), is_silent(290ms),
              hears_urc("+UUSORF: 0,3", 20ms)});
}

}  // namespace
}  // namespace rig::modem
