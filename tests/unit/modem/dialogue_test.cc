// The dialogue of the product's driver, command by command, and the framing of every answer.
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

TEST(Dialogue, TheDriversWholeConversationOnASaraU2) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {ask("AT+CMER=1,0,0,2,1", {"OK"}), ask("AT+IPR=115200", {"OK"}),
              ask("AT+CPIN?", {"+CPIN: READY", "OK"}), ask("AT+CGSN", {"004999010640000", "OK"}),
              ask("AT+CGMI", {"u-blox", "OK"}), ask("AT+CGMM", {"SARA-U201", "OK"}),
              ask("AT+CGMR", {"23.60", "OK"}), ask("ATI9", {"23.60,A01.00", "OK"}),
              ask("AT+CCID", {"+CCID: 8931513000000000017", "OK"}), ask("AT+UPSV=1", {"OK"}),
              ask("AT+CMGF=1", {"OK"}), ask("AT+CNMI=2,1", {"OK"}),
              ask("AT+CIMI", {"204513000000017", "OK"}), ask("AT+COPS=3,2", {"OK"}),
              ask("AT+CREG?", {"+CREG: 0,2", "OK"}), ask("AT+CGREG=2", {"OK"}),
              ask("AT+CREG=2", {"OK"}), ask("AT+CSQ", {"+CSQ: 99,99", "OK"})});
  run(bench, {hears(framed({"+CREG: 1,\"00D5\",\"0054BABB\",2"}) +
                        framed({"+CGREG: 1,\"00D5\",\"0054BABB\",2"}) + framed({"+CIEV: 3,1"}) +
                        framed({"+CIEV: 9,2"}),
                    4s),
              traced("registered"),
              ask("AT+CREG?", {"+CREG: 2,1,\"00D5\",\"0054BABB\",2", "OK"}),
              ask("AT+CGREG?", {"+CGREG: 2,1,\"00D5\",\"0054BABB\",2", "OK"}),
              ask("AT+COPS?", {"+COPS: 0,2,\"00101\",2", "OK"}),
              ask("AT+CNUM", {"OK"}),
              ask("AT+CSQ", {"+CSQ: 20,99", "OK"}),
              ask("AT+CGATT=1", {"OK"}),
              ask("AT+UPSND=0,8", {"+UPSND: 0,8,0", "OK"}),
              ask("AT+UPSD=0,7,\"0.0.0.0\"", {"OK"}),
              ask("AT+UPSD=0,1,\"iot.example.net\"", {"OK"}),
              ask("AT+UPSD=0,6,0", {"OK"}),
              ask("AT+UPSDA=0,3", {"OK"}, 1s),
              traced("attached apn=iot.example.net ip=10.0.0.2"),
              ask("AT+UPSND=0,8", {"+UPSND: 0,8,1", "OK"}),
              ask("AT+UPSND=0,0", {"+UPSND: 0,0,\"10.0.0.2\"", "OK"}),
              ask("AT+UPSD=0,1", {"+UPSD: 0,1,\"iot.example.net\"", "OK"}),
              ask("AT+UDNSRN=0,\"device.otarig.test\"", {"+UDNSRN: \"10.10.10.10\"", "OK"}),
              ask("AT+USOCTL=0,1", {"ERROR"}),
              ask("AT+USOCTL=6,1", {"ERROR"}),
              ask("AT+USOCR=17", {"+USOCR: 0", "OK"}),
              ask("AT+USOCTL=0,1", {"+USOCTL: 0,1,0", "OK"}),
              ask("AT+USOCL=0", {"OK"}),
              ask("AT+USOCR=17,5684", {"+USOCR: 0,5684", "OK"}),
              ask_prompt("AT+USOST=0,\"10.10.10.10\",5684,5"),
              say("hello"),
              hears(framed({"+USOST: 0,5", "OK"})),
              sends("hello"),
              datagram(5684, "wo\r\n\"d"),
              hears_urc("+UUSORF: 0,6"),
              ask("AT+USORF=0,0", {"+USORF: 0,6", "OK"}),
              say("AT+USORF=0,1024\r"),
              hears("\r\n+USORF: 0,\"10.10.10.10\",5684,6,\"wo\r\n\"d\"" + framed({"OK"})),
              ask("AT+USORF=0,0", {"+USORF: 0,0", "OK"}),
              ask("AT+UPSDA=0,4", {"OK"}),
              traced("psd lost reason=deactivated"),
              ask("AT+CGATT=0", {"OK", "+CIEV: 9,1"}),
              ask("AT+CPWROFF", {"OK"}, 40s),
              traced("power off"),
              say("AT\r"),
              is_silent(60s)});
}

TEST(Dialogue, TheDriversConversationOnASaraR410) {
  Bench bench(third_party_card(), Model::sara_r410);
  run(bench, switch_on(Model::sara_r410));
  run(bench,
      {ask("AT+CGMM", {"SARA-R410M-02B", "OK"}),
       ask("AT+CFUN?", {"+CFUN: 1,0", "OK"}),
       ask("AT+CFUN=4,0", {"OK"}),
       ask("AT+CEREG=2", {"OK"}),
       ask("AT+CGDCONT?", {"OK"}),
       ask("AT+CGDCONT=1,\"IP\",\"iot.example.net\"", {"OK"}),
       ask("AT+UMNOPROF?", {"+UMNOPROF: 2", "OK"}),
       ask("AT+URAT?", {"+URAT: 7", "OK"}),
       ask("AT+CPSMS=0", {"OK"}),
       ask("AT+CEDRXS?", {"+CEDRXS: 0", "OK"}),
       ask("AT+CEREG?", {"+CEREG: 2,0", "OK"}),
       ask("AT+CFUN=1,0", {"OK", "+CEREG: 2"}),
       hears_urc("+CEREG: 1,\"00D5\",\"0054BABB\",7", 4s),
       traced("attached apn=iot.example.net ip=10.0.0.2"),
       ask("AT+CGDCONT?", {"+CGDCONT: 1,\"IP\",\"iot.example.net\",\"10.0.0.2\",0,0,0,0", "OK"}),
       ask("AT+CGPADDR=1", {"+CGPADDR: 1,10.0.0.2", "OK"}),
       ask("AT+COPS=0,2", {"OK"}),
       ask("AT+CGATT=1", {"OK"}),
       ask("AT+UPSD=0,1,\"x\"", {"ERROR"}),
       ask("AT+USOCR=17,5684", {"+USOCR: 0,5684", "OK"}),
       ask_prompt("AT+USOST=0,\"10.10.10.10\",5684,2"),
       say("hi"),
       hears(framed({"+USOST: 0,2", "OK"})),
       sends("hi")});
}

struct Exchange {
  const char* command;
  std::vector<std::string> lines;
};

class Exchanges : public testing::TestWithParam<Exchange> {};

TEST_P(Exchanges, AreAnsweredSo) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask(GetParam().command, GetParam().lines)});
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Exchanges,
    testing::Values(Exchange{"AT", {"OK"}}, Exchange{"at", {"OK"}}, Exchange{"AT E0", {"OK"}},
                    Exchange{"ATE0V1Q0", {"OK"}}, Exchange{"AT&K3", {"OK"}},
                    Exchange{"noiseAT", {"OK"}}, Exchange{"at+cgmi", {"u-blox", "OK"}},
                    Exchange{"AT+CGMI;+CIMI", {"u-blox", "204513000000017", "OK"}},
                    Exchange{"AT+CGMI;+NOPE;+CIMI", {"u-blox", "ERROR"}},
                    Exchange{"AT+COPS=3,2;+COPS?", {"+COPS: 0,2,\"00101\",2", "OK"}},
                    Exchange{"AT+CREG=?", {"OK"}}, Exchange{"AT+NOPE", {"ERROR"}},
                    Exchange{"AT+NOPE=1,\"a;b\"", {"ERROR"}}, Exchange{"ATD123", {"ERROR"}},
                    Exchange{"AT+", {"ERROR"}}, Exchange{"AT;", {"ERROR"}},
                    Exchange{"AT+CREG=1=2", {"+CME ERROR: Incorrect parameters"}},
                    Exchange{"AT+CGDCONT?", {"ERROR"}}, Exchange{"AT+CEREG?", {"ERROR"}}));

INSTANTIATE_TEST_SUITE_P(
    Refusals, Exchanges,
    testing::Values(Exchange{"AT+USOCR=5", {"+CME ERROR: Incorrect parameters"}},
                    Exchange{"AT+USOST=0,\"10.10.10.10\",1,1",
                             {"+CME ERROR: operation not allowed"}},
                    Exchange{"AT+USORF=3,1024", {"+CME ERROR: operation not allowed"}},
                    Exchange{"AT+USOCL=9", {"+CME ERROR: operation not allowed"}},
                    Exchange{"AT+USOWR=0,1", {"+CME ERROR: operation not allowed"}},
                    Exchange{"AT+UPSD=0,1,\"other\"", {"+CME ERROR: operation not allowed"}},
                    Exchange{"AT+UPSD=1,1,\"x\"", {"+CME ERROR: Incorrect parameters"}},
                    Exchange{"AT+CFUN=7", {"+CME ERROR: operation not supported"}},
                    Exchange{"AT+CMEE=9", {"+CME ERROR: Incorrect parameters"}},
                    Exchange{"AT+CREG=99999999999", {"+CME ERROR: Incorrect parameters"}},
                    Exchange{"AT+UPSD=0,6,3", {"+CME ERROR: operation not allowed"}}));

TEST(Dialogue, ErrorsTakeTheFormatThatWasAskedFor) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {ask("AT+CMEE=0", {"OK"}), ask("AT+USOCL=0", {"ERROR"}), ask("AT+CMEE=1", {"OK"}),
              ask("AT+USOCL=0", {"+CME ERROR: 3"}), ask("AT+CMEE?", {"+CMEE: 1", "OK"})});
}

TEST(Dialogue, EchoesUntilToldNotTo) {
  Bench bench;
  run(bench, {supply(true), pass(3500ms), say("A"), hears("A", 0s), say("T\r"), hears("T\r", 0s),
              hears(framed({"OK"})), say("ATE0\r"), hears("ATE0\r", 0s), hears(framed({"OK"})),
              ask("AT", {"OK"}), ask("ATE1", {"OK"}), say("AT\r"), hears("AT\r", 0s)});
}

TEST(Dialogue, BackspaceTakesACharacterBack) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {ask("AT+CGMX\bI", {"u-blox", "OK"})});
}

TEST(Dialogue, LinesWithoutAttentionAreIgnored) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {say("hello world\r\n\r\r"), is_silent(1s), ask("AT", {"OK"})});
}

TEST(Dialogue, AnswersAfterTenToTwentyMilliseconds) {
  Bench bench;
  run(bench, switch_on());
  for (int i = 0; i < 50; ++i) {
    const base::Instant asked = bench.now;
    bench.say("AT\r");
    bench.listen(1s);
    EXPECT_EQ(bench.heard(), framed({"OK"}));
    EXPECT_GE(bench.now - asked, 10ms);
    EXPECT_LE(bench.now - asked, 20ms);
    bench.pass(7ms);
  }
}

TEST(Dialogue, CommandsSentTooEarlyAreAnsweredInOrder) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {say("AT+CGMI\rAT+CIMI\rAT+CSQ\r"), pass(100ms),
              hears(framed({"u-blox", "OK"}) + framed({"204513000000017", "OK"}) +
                        framed({"+CSQ: 99,99", "OK"}),
                    0s)});
}

TEST(Dialogue, HoldsTheHostBackWhenItsBufferIsFull) {
  Bench bench;
  EXPECT_FALSE(bench.modem.clear_to_send());
  run(bench, switch_on());
  EXPECT_TRUE(bench.modem.clear_to_send());
  bench.say("AT\r");
  bench.say(std::string(1100, '\n'));
  EXPECT_FALSE(bench.modem.clear_to_send());
  run(bench, {hears(framed({"OK"}))});
  EXPECT_TRUE(bench.modem.clear_to_send());
  bench.say("AT\r");
  bench.say(std::string(5000, '\n'));
  run(bench, {traced("input overflow"), hears(framed({"OK"})), ask("AT", {"OK"})});
}

TEST(Dialogue, ALineLongerThanTheEditorIsAnError) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {ask("AT+UPSD=0,1,\"" + std::string(2000, 'a') + "\"", {"ERROR"}), ask("AT", {"OK"})});
}

TEST(Dialogue, ALineCutShortByAHostResetSpoilsTheNextOneOnly) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {say("AT+USO"), is_silent(2s), ask("AT", {"ERROR"}), ask("AT", {"OK"})});
}

TEST(Dialogue, DataThatNeverComesEndsInAnErrorAfterTenSeconds) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17", {"+USOCR: 0", "OK"}), ask_prompt("AT+USOST=0,\"10.10.10.10\",5684,100"),
       say("AT\rAT\r"), is_silent(9s), hears(framed({"ERROR"}), 1100ms), ask("AT", {"OK"})});
}

TEST(Dialogue, DataMayStandInTheCommandItself) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17", {"+USOCR: 0", "OK"}),
       ask("AT+USOST=0,\"10.10.10.10\",5684,2,\"hi\"", {"+USOST: 0,2", "OK"}), sends("hi"),
       ask("AT+USOST=0,\"10.10.10.10\",5684,3,\"hi\"", {"+CME ERROR: Incorrect parameters"})});
}

TEST(Dialogue, TracesDataByItsLengthOnly) {
  Bench bench;
  run(bench, go_online());
  run(bench,
      {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), ask_prompt("AT+USOST=0,\"10.10.10.10\",5684,6"),
       say("secret"), pass(1s), datagram(7, "secret too"), say("AT+USORF=0,64\r"), pass(1s)});
  const std::string history = bench.history();
  EXPECT_EQ(history.find("secret"), std::string::npos);
  EXPECT_NE(history.find(" command <6 bytes>\n"), std::string::npos);
  EXPECT_NE(history.find(" answer @\n"), std::string::npos);
  EXPECT_NE(history.find(" urc +UUSORF: 0,10\n"), std::string::npos);
  EXPECT_NE(history.find(" answer +USORF: 0,\"10.10.10.10\",5684,10,<10 bytes>\n"),
            std::string::npos);
}

TEST(Dialogue, SettingsAreReadBackAndDieWithThePower) {
  Bench bench;
  run(bench, switch_on());
  run(bench,
      {ask("AT+UPSV=1", {"OK"}), ask("AT+UPSV?", {"+UPSV: 1", "OK"}), supply(false), pass(1s)});
  run(bench, switch_on());
  run(bench, {ask("AT+UPSV?", {"+UPSV: 0", "OK"})});
}

TEST(Dialogue, TheEmptyLineBehindDataOfAG350) {
  Bench bench;
  bench.modem.set_quirks({.empty_line_after_data = true});
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"}), datagram(7, "abc"),
              hears_urc("+UUSORF: 0,3"), say("AT+USORF=0,64\r"),
              hears("\r\n+USORF: 0,\"10.10.10.10\",5684,3,\"abc\"\r\n" + framed({"OK"}))});
}

}  // namespace
}  // namespace rig::modem
