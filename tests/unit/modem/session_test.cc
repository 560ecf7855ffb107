// What the network grants: registration, APN, authentication, and how a session ends.
#include "unit/modem/bench.h"

namespace rig::modem {
namespace {

TEST(Session, RegistersThreeSecondsAfterBooting) {
  Bench bench;
  run(bench, {supply(true), pass(6499ms)});
  EXPECT_EQ(bench.states(), "power on\nready\n");
  run(bench, {pass(1ms), traced("registered")});
}

TEST(Session, AWrongApnIsRefusedForEveryAuthentication) {
  Bench bench;
  run(bench, switch_on());
  run(bench,
      {pass(4s), ask("AT+CGATT=1", {"OK"}), ask("AT+UPSD=0,1,\"spark.telefonica.com\"", {"OK"})});
  for (const char* authentication : {"0", "1", "2"}) {
    run(bench, {ask("AT+UPSD=0,6," + std::string(authentication), {"OK"}), say("AT+UPSDA=0,3\r"),
                is_silent(1900ms), hears(framed({"ERROR"}), 200ms),
                ask("AT+UPSND=0,8", {"+UPSND: 0,8,0", "OK"}),
                ask("AT+UPSND=0,0", {"+UPSND: 0,0,\"\"", "OK"})});
  }
  run(bench, {traced("refused apn=spark.telefonica.com"), ask("AT+USOCR=17", {"+USOCR: 0", "OK"}),
              ask("AT+USOST=0,\"10.10.10.10\",5684,1", {"+CME ERROR: operation not allowed"}),
              ask("AT+UDNSRN=0,\"device.otarig.test\"", {"+CME ERROR: operation not allowed"})});
}

TEST(Session, NoApnAtAllIsRefusedToo) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {pass(4s), ask("AT+UPSDA=0,3", {"ERROR"}, 3s), traced("refused apn=")});
}

TEST(Session, AnApnIsComparedWithoutRegardToCase) {
  Bench bench;
  run(bench, go_online("IoT.Example.NET"));
  run(bench, {traced("attached apn=IoT.Example.NET ip=10.0.0.2")});
}

TEST(Session, ActivationTakesItsTimeAndIsGrantedOnce) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {pass(4s), ask("AT+UPSD=0,1,\"iot.example.net\"", {"OK"}), say("AT+UPSDA=0,3\r"),
              is_silent(900ms), hears(framed({"OK"}), 30ms), ask("AT+UPSDA=0,3", {"OK"})});
  EXPECT_EQ(bench.states(),
            "power on\nready\nregistered\nattached apn=iot.example.net ip=10.0.0.2\n");
}

TEST(Session, BeforeAttachmentActivationIsNotAllowed) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {ask("AT+UPSDA=0,3", {"+CME ERROR: operation not allowed"}), say("AT+CGATT=1\r"),
              is_silent(2s), hears(framed({"OK"}), 2s), ask("AT+CGATT?", {"+CGATT: 1", "OK"})});
}

TEST(Session, ACardWithAuthenticationWantsAllOfIt) {
  Bench bench(authenticated_card());
  run(bench, switch_on());
  const auto refused = [](const char* tag, const char* value) -> Steps {
    return {ask(std::string("AT+UPSD=0,") + tag + ",\"" + value + "\"", {"OK"}),
            ask("AT+UPSDA=0,3", {"ERROR"}, 3s)};
  };
  run(bench, {pass(4s)});
  run(bench, refused("1", "secure.example.net"));
  run(bench, {traced("refused apn=secure.example.net reason=authentication")});
  run(bench, refused("2", "fleet"));
  run(bench, refused("3", "c0rrect-horse"));
  run(bench, {ask("AT+UPSD=0,6,2", {"OK"})});
  run(bench, refused("3", "wrong"));
  run(bench, {ask("AT+UPSD=0,3,\"c0rrect-horse\"", {"OK"}), ask("AT+UPSDA=0,3", {"OK"}, 3s),
              traced("attached apn=secure.example.net ip=10.0.0.2"),
              ask("AT+UPSD=0,2", {"+UPSD: 0,2,\"fleet\"", "OK"}),
              ask("AT+UPSD=0,3", {"+CME ERROR: operation not allowed"})});
}

TEST(Session, ACardWithoutAuthenticationDoesNotMindIt) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {pass(4s), ask("AT+UPSD=0,1,\"iot.example.net\"", {"OK"}),
              ask("AT+UPSD=0,2,\"anybody\"", {"OK"}), ask("AT+UPSD=0,6,1", {"OK"}),
              ask("AT+UPSDA=0,3", {"OK"}, 3s)});
}

TEST(Session, WithoutACardThereIsNoNetwork) {
  for (const char* command :
       {"AT+CPIN?", "AT+CCID", "AT+CIMI", "AT+COPS=0", "AT+CGATT=1", "AT+UPSDA=0,3", "AT+CNUM"}) {
    Bench bench(no_card());
    run(bench, switch_on());
    run(bench, {pass(60s), ask(command, {"+CME ERROR: SIM not inserted"}),
                ask("AT+CREG?", {"+CREG: 0,0", "OK"}), ask("AT+CGSN", {"004999010640000", "OK"})});
  }
}

TEST(Session, OnAnR410AWrongApnNeverRegisters) {
  Bench bench(third_party_card(), Model::sara_r410);
  run(bench, switch_on(Model::sara_r410));
  run(bench, {ask("AT+CFUN=4", {"OK"}), ask("AT+CGDCONT=1,\"IP\",\"spark.telefonica.com\"", {"OK"}),
              ask("AT+CEREG=1", {"OK"}), ask("AT+CFUN=1", {"OK", "+CEREG: 2"}),
              hears_urc("+CEREG: 3", 4s), traced("refused apn=spark.telefonica.com"), pass(30min),
              ask("AT+CEREG?", {"+CEREG: 1,3", "OK"}), ask("AT+CGPADDR=1", {"+CGPADDR: 1", "OK"}),
              say("AT+COPS=0\r"), is_silent(2900ms),
              hears(framed({"ERROR", "+CEREG: 2", "+CEREG: 3"}), 200ms)});
}

TEST(Session, AnR410WithAuthenticationIsLetIn) {
  Bench bench(authenticated_card(), Model::sara_r410);
  run(bench, switch_on(Model::sara_r410));
  run(bench, {ask("AT+CFUN=4", {"OK"}), ask("AT+CGDCONT=1,\"IP\",\"secure.example.net\"", {"OK"}),
              ask("AT+UAUTHREQ=1,1,\"fleet\",\"c0rrect-horse\"", {"OK"}), ask("AT+CFUN=1", {"OK"}),
              pass(3s), traced("attached apn=secure.example.net ip=10.0.0.2"), supply(false),
              pass(1s), supply(true), power_pulse(150ms), pass(8s)});
  EXPECT_NE(bench.states().rfind("attached"), bench.states().find("attached"));
}

TEST(Session, OperatorSelectionWaitsForTheNetwork) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {pass(4s), ask("AT+COPS=2", {"OK"}), ask("AT+COPS?", {"+COPS: 0", "OK"}),
              ask("AT+CREG?", {"+CREG: 0,0", "OK"}), say("AT+COPS=0\r"), is_silent(2900ms),
              hears(framed({"OK"}), 200ms), ask("AT+COPS?", {"+COPS: 0,0,\"otarig\",2", "OK"})});
}

TEST(Session, SwitchingTheRadioOffEndsIt) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+CREG=1", {"OK"}), ask("AT+CFUN=4", {"OK", "+UUPSDD: 0", "+CREG: 0"}),
              traced("psd lost reason=detached"), ask("AT+CFUN?", {"+CFUN: 4,0", "OK"}),
              ask("AT+COPS=0", {"+CME ERROR: operation not allowed"}),
              ask("AT+CFUN=1", {"OK", "+CREG: 2"}), hears_urc("+CREG: 1", 4s),
              ask("AT+UPSD=0,1", {"+UPSD: 0,1,\"iot.example.net\"", "OK"}),
              ask("AT+UPSDA=0,3", {"OK"}, 1s)});
}

TEST(Session, TheNetworkMayEndIt) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+USOCR=17,7", {"+USOCR: 0,7", "OK"})});
  bench.end_session();
  run(bench,
      {hears_urc("+UUPSDD: 0"), traced("psd lost reason=network"), ask("AT+USOCTL=0,1", {"ERROR"}),
       ask("AT+UPSND=0,8", {"+UPSND: 0,8,0", "OK"}), ask("AT+UPSDA=0,3", {"OK"}, 1s)});
}

TEST(Session, AStoredProfileIsLoadedOnlyWhenAskedFor) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+UPSDA=0,1", {"OK"}), supply(false), pass(1s)});
  run(bench, switch_on());
  run(bench, {ask("AT+UPSD=0,1", {"+UPSD: 0,1,\"\"", "OK"}), ask("AT+UPSDA=0,2", {"OK"}),
              ask("AT+UPSD=0,1", {"+UPSD: 0,1,\"iot.example.net\"", "OK"}),
              ask("AT+UPSDA=0,0", {"OK"}), ask("AT+UPSD=0,1", {"+UPSD: 0,1,\"\"", "OK"})});
}

TEST(Session, ShowsTheWholeProfileWithoutThePassword) {
  Bench bench;
  run(bench, switch_on());
  run(bench, {ask("AT+UPSD=0,1,\"a b;c,d\"", {"OK"}), ask("AT+UPSD=0,3,\"secret\"", {"OK"}),
              ask("AT+UPSD=0", {"+UPSD: 0,0,0", "+UPSD: 0,1,\"a b;c,d\"", "+UPSD: 0,2,\"\"",
                                "+UPSD: 0,4,\"0.0.0.0\"", "+UPSD: 0,5,\"0.0.0.0\"", "+UPSD: 0,6,0",
                                "+UPSD: 0,7,\"0.0.0.0\"", "OK"})});
}

TEST(Session, NamesThatNobodyKnowsTakeTheirTimeToFail) {
  Bench bench;
  run(bench, go_online());
  run(bench, {ask("AT+UDNSRN=0,\"10.1.2.3\"", {"+UDNSRN: \"10.1.2.3\"", "OK"}),
              say("AT+UDNSRN=0,\"nowhere.test\"\r"), is_silent(1900ms),
              hears(framed({"ERROR"}), 200ms), ask("AT+UDNSRN=0,\"1.2.3.400\"", {"ERROR"}, 3s)});
}

}  // namespace
}  // namespace rig::modem
