// When the modem answers at all, and what each way of losing power takes from it.
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

TEST(ModemPower, ASaraU2StartsWithItsSupplyAndAnswersAfterBooting) {
  Bench bench;
  run(bench, {say("AT\r"), is_silent(5s), supply(true), traced("power on"), pass(3400ms),
              say("AT\r"), is_silent(99ms), say("AT\r"), is_silent(500us)});
  EXPECT_FALSE(bench.modem.clear_to_send());
  run(bench, {pass(1ms), traced("ready"), say("AT\r"), hears("AT\r", 0s), hears(framed({"OK"}))});
  EXPECT_TRUE(bench.modem.clear_to_send());
}

TEST(ModemPower, ASaraR410NeedsAPulse) {
  Bench bench(third_party_card(), Model::sara_r410);
  run(bench, {supply(true), pass(60s), say("AT\r"), is_silent(1s), power_pulse(50ms), pass(10s),
              say("AT\r"), is_silent(1s), power_pulse(150ms), traced("power on"), pass(4500ms),
              traced("ready"), say("ATE0\r"), pass(100ms)});
  (void)bench.heard();
  run(bench, {ask("AT", {"OK"})});
}

TEST(ModemPower, TheDriversPulsesDoNotSwitchARunningModemOff) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {power_pulse(50ms), pass(10ms), power_pulse(150ms), pass(100ms), ask("AT", {"OK"})});
}

TEST(ModemPower, ALongPulseSwitchesOffAndAShortOneOnAgain) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {power_pulse(1s), traced("power off"), say("AT\r"), is_silent(10s), power_pulse(1ms),
              pass(3500ms), say("AT\r"), pass(50ms), hears("AT\r" + framed({"OK"}), 0s)});
}

TEST(ModemPower, APulseWithoutSupplyDoesNothing) {
  Bench bench(third_party_card(), Model::sara_r410);
  run(bench, {power_pulse(1s), pass(10s), say("AT\r"), is_silent(1s)});
  EXPECT_EQ(bench.states(), "");
}

TEST(ModemPower, ResetHoldsItUntilReleased) {
  Bench bench;
  run(bench, go_online());
  bench.modem.set_reset_pin(false, bench.now);
  run(bench,
      {pass(0s), traced("psd lost reason=reset"), traced("reset"), say("AT\r"), is_silent(20s)});
  EXPECT_FALSE(bench.modem.clear_to_send());
  bench.modem.set_reset_pin(true, bench.now);
  run(bench, {pass(3500ms), say("AT\r"), pass(50ms), hears("AT\r" + framed({"OK"}), 0s)});
}

TEST(ModemPower, RestartAnswersFirst) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+CFUN=16", {"OK"}), traced("restart"), traced("psd lost reason=restart"),
              say("AT\r"), is_silent(3400ms), pass(200ms), say("AT\r"), pass(50ms),
              hears("AT\r" + framed({"OK"}), 0s)});
}

TEST(ModemPower, LosingSupplyInTheMiddleOfEverythingLeavesSilence) {
  for (const char* last : {"AT+CS", "AT+CSQ\r", "AT+CPWROFF\r", "AT+UPSDA=0,4;+UPSDA=0,3\r"}) {
    Bench bench;
    run(bench, go_online());
    run(bench, {say(last), supply(false), is_silent(60s), traced("power off")});
    EXPECT_FALSE(bench.modem.wake_time()) << last;
    run(bench, switch_on());
    run(bench, {ask("AT", {"OK"})});
  }
}

TEST(ModemPower, LosingSupplyWhileBootingIsAPowerOffToo) {
  Bench bench;
  run(bench, {supply(true), pass(1s), supply(false), pass(10s)});
  EXPECT_EQ(bench.states(), "power on\npower off\n");
}

// The survival matrix of the packet-data profile. `happens` is what befalls the modem while its
// session is up; afterwards the profile is either still active or has to be set again.
struct Survival {
  const char* name;
  Model model;
  Steps happens;
  bool session_survives;
  bool apn_survives;
};

std::ostream& operator<<(std::ostream& out, const Survival& survival) {
  return out << survival.name;
}

class ApnSurvival : public testing::TestWithParam<Survival> {};

Steps go_online_r410() {
  Steps steps = switch_on(Model::sara_r410);
  const Steps rest = {
      ask("AT+CFUN=4", {"OK"}), ask("AT+CGDCONT=1,\"IP\",\"iot.example.net\"", {"OK"}),
      ask("AT+CFUN=1", {"OK"}), pass(4s), traced("attached apn=iot.example.net ip=10.0.0.2")};
  steps.insert(steps.end(), rest.begin(), rest.end());
  return steps;
}

TEST_P(ApnSurvival, IsAsTheDataSheetSays) {
  const Survival& is = GetParam();
  const bool u2 = is.model == Model::sara_u2;
  Bench bench(third_party_card(), is.model);
  run(bench, u2 ? go_online() : go_online_r410());
  run(bench, {ask("AT+USOCR=17,5684", {"+USOCR: 0,5684", "OK"}), ask("AT+CREG=2", {"OK"})});
  run(bench, is.happens);
  run(bench, {pass(9s), say("ATE0\r"), pass(100ms)});
  (void)bench.heard();
  const std::string apn = is.apn_survives ? "iot.example.net" : "";
  if (u2) {
    run(bench,
        {ask("AT+UPSND=0,8", {is.session_survives ? "+UPSND: 0,8,1" : "+UPSND: 0,8,0", "OK"}),
         ask("AT+UPSD=0,1", {"+UPSD: 0,1,\"" + apn + "\"", "OK"})});
  } else {
    run(bench,
        {ask("AT+CGDCONT?", {"+CGDCONT: 1,\"IP\",\"" + apn + "\",\"10.0.0.2\",0,0,0,0", "OK"})});
  }
  const std::string mode = is.session_survives ? "2,1,\"00D5\",\"0054BABB\"," : "0,1";
  run(bench,
      {ask("AT+CREG?", {"+CREG: " + mode + (is.session_survives ? u2 ? "2" : "7" : ""), "OK"}),
       ask("AT+USOCTL=0,1", is.session_survives ? std::vector<std::string>{"+USOCTL: 0,1,0", "OK"}
                                                : std::vector<std::string>{"ERROR"})});
}

Steps supply_lost() { return {supply(false), pass(2s), supply(true), power_pulse(150ms)}; }
Steps switched_off() { return {ask("AT+CPWROFF", {"OK"}, 40s), pass(1s), power_pulse(150ms)}; }
// Its pins stay high and its supply on: nothing reaches the modem but half a line of text.
Steps mcu_reset() { return {say("AT+USOS"), pass(5s), say("\r"), pass(1s)}; }

INSTANTIATE_TEST_SUITE_P(
    Matrix, ApnSurvival,
    testing::Values(
        Survival{"u2 mcu reset", Model::sara_u2, mcu_reset(), true, true},
        Survival{"u2 supply", Model::sara_u2, supply_lost(), false, false},
        Survival{"u2 reset pin", Model::sara_u2, {reset_pulse()}, false, false},
        Survival{"u2 cpwroff", Model::sara_u2, switched_off(), false, false},
        Survival{"u2 cfun 16", Model::sara_u2, {ask("AT+CFUN=16", {"OK"})}, false, false},
        Survival{"r410 mcu reset", Model::sara_r410, mcu_reset(), true, true},
        Survival{"r410 supply", Model::sara_r410, supply_lost(), false, true},
        Survival{"r410 reset pin", Model::sara_r410, {reset_pulse()}, false, true},
        Survival{"r410 cpwroff", Model::sara_r410, switched_off(), false, true},
        Survival{"r410 cfun 15", Model::sara_r410, {ask("AT+CFUN=15", {"OK"})}, false, true}));

}  // namespace
}  // namespace rig::modem
