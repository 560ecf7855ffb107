#include "scenario/device_profile.h"

#include <gtest/gtest.h>

#include "unit/scenario/bench_files.h"

namespace rig::scenario {
namespace {

using test::complaint_of;

struct Case {
  const char* line;
  const char* text;
  const char* phase;
};

// Every line of the product's console, as it prints it.
const Case kConsole[] = {
    {"bootloader ver=0.7.0 reset=power_down retry=0",
     "boot ver=0.7.0 reset=power_down retry=0 phase=rebooting", "rebooting"},
    {"bootloader copy module=user ver=2 from=0x080c0000 to=0x08080000 len=65540",
     "copy module=user ver=2 phase=applying", "applying"},
    {"bootloader copied module=user result=ok", "copied module=user result=ok phase=rebooting",
     "rebooting"},
    {"bootloader copied module=system result=error",
     "copied module=system result=error phase=rebooting", "rebooting"},
    {"bootloader slot=1 dropped reason=crc", "dropped slot=1 reason=crc", ""},
    {"bootloader dfu reason=no-system", "dfu reason=no-system phase=failed", "failed"},
    {"system ver=604 mode=normal user=2 user_state=ok apn_store=none",
     "system ver=604 mode=normal user=2 user_state=ok apn_store=none phase=testing", "testing"},
    {"system ver=604 mode=safe user=none user_state=needs-system apn_store=config",
     "system ver=604 mode=safe user=none user_state=needs-system apn_store=config "
     "phase=safe-mode",
     "safe-mode"},
    {"user ver=2 led=blue apn=iot.example.net", "user ver=2 led=blue apn=iot.example.net", ""},
    {"user ver=0 apn=default", "user ver=0 apn=default", ""},
    {"modem ready model=SARA-U201 imsi=204513000000017",
     "modem model=SARA-U201 imsi=204513000000017", ""},
    {"modem apn=iot.example.net source=user", "apn apn=iot.example.net source=user", ""},
    {"modem apn=kept source=kept", "apn apn=kept source=kept", ""},
    {"modem registered", "registered", ""},
    {"modem attached ip=10.0.0.2", "attached ip=10.0.0.2", ""},
    {"modem refused apn=spark.telefonica.com", "refused apn=spark.telefonica.com", ""},
    {"online mode=normal user=2 system=604 bootloader=700",
     "online mode=normal user=2 system=604 bootloader=700 phase=confirmed", "confirmed"},
    {"online mode=safe user=none system=604 bootloader=700",
     "online mode=safe user=none system=604 bootloader=700 phase=safe-mode", "safe-mode"},
    {"update begin module=user ver=2 len=65540 chunks=129",
     "update-begin module=user ver=2 len=65540 chunks=129 phase=downloading", "downloading"},
    {"update progress chunk=32 of=129", "update-progress chunk=32 of=129", ""},
    {"update complete module=user", "update-complete module=user phase=verifying", "verifying"},
    {"update verify result=ok", "update-verify result=ok", ""},
    {"update pending slot=1 module=user", "update-pending slot=1 module=user phase=pending",
     "pending"},
    {"update direct module=bootloader", "direct module=bootloader phase=applying-bootloader",
     "applying-bootloader"},
    {"update direct-done module=bootloader", "copied module=bootloader result=ok phase=rebooting",
     "rebooting"},
    {"update abandoned reason=timeout", "update-abandoned reason=timeout phase=failed", "failed"},
    {"resetting reason=update", "resetting reason=update phase=rebooting", "rebooting"},
    {"resetting reason=update_timeout", "resetting reason=update_timeout", ""},
    {"panic code=7", "panic code=7 phase=failed", "failed"},
};

DeviceProfile shipped() {
  const std::filesystem::path fixtures = std::filesystem::path(OTARIG_SOURCE_DIR) / "fixtures";
  return load_device_profile({.fixtures = fixtures, .firmware = {}, .scenarios = {}}, "electron");
}

TEST(ElectronProfile, EveryLineOfTheConsole) {
  const DeviceProfile profile = shipped();
  for (const Case& each : kConsole) {
    const auto observation = profile.observe(each.line);
    ASSERT_TRUE(observation.has_value()) << each.line;
    EXPECT_EQ(observation->text, each.text);
    EXPECT_EQ(observation->phase, each.phase) << each.line;
  }
}

TEST(ElectronProfile, OtherLinesSayNothing) {
  const DeviceProfile profile = shipped();
  for (const char* line : {"", "hello", "bootloader", "xonline mode=normal", "system",
                           "\xff\xfe\x01", "online mode=odd user=1 system=1 bootloader=1"}) {
    EXPECT_FALSE(profile.observe(line).has_value()) << line;
  }
}

TEST(ElectronProfile, LongLinesAreNoProblem) {
  const DeviceProfile profile = shipped();
  const std::string noise(64 * 1024, 'x');
  EXPECT_FALSE(profile.observe(noise).has_value());
  EXPECT_TRUE(profile.observe("modem registered" + noise).has_value());
}

TEST(DeviceProfile, FirstRuleThatMatchesSpeaks) {
  const DeviceProfile profile("p", {{"b+c", "first", " k=1", ""}, {"^ab", "second", "", "idle"}});
  EXPECT_EQ(profile.observe("xxbbc")->text, "first k=1");
  EXPECT_EQ(profile.observe("abbc")->text, "first k=1");
  EXPECT_EQ(profile.observe("abd")->text, "second phase=idle");
  EXPECT_FALSE(profile.observe("xab").has_value());
}

// The literal prefilter must not hide lines whose last literal letter is optional or alternative.
TEST(DeviceProfile, PrefilterHidesNothing) {
  const DeviceProfile profile("p", {{"^abc?d", "optional", "", ""},
                                    {"^xy|^z", "either", "", ""},
                                    {"^k{2}", "twice", "", ""},
                                    {"^a\\.b", "escaped", "", ""}});
  EXPECT_EQ(profile.observe("abd")->text, "optional");
  EXPECT_EQ(profile.observe("z")->text, "either");
  EXPECT_EQ(profile.observe("kk")->text, "twice");
  EXPECT_EQ(profile.observe("a.b")->text, "escaped");
}

class ProfileFile : public test::BenchFiles {
 protected:
  [[nodiscard]] std::string complaint(const std::string& text) const {
    write("fixtures/devices/bad.yaml", text);
    return complaint_of([&] { static_cast<void>(load_device_profile(library(), "bad")); });
  }
};

TEST_F(ProfileFile, MistakesNameTheirPlace) {
  EXPECT_NE(complaint("console:\n  - {match: '(', event: a}\n")
                .find("bad.yaml:2:13: '(' is no regular expression (RE2):"),
            std::string::npos);
  EXPECT_NE(complaint("console:\n  - {match: 'a'}\n").find("needs an 'event'"), std::string::npos);
  EXPECT_NE(complaint("console:\n  - {match: 'a', event: 'two words'}\n").find("one word"),
            std::string::npos);
  EXPECT_NE(complaint("consol: []\n").find("unknown key 'consol'. Did you mean 'console'?"),
            std::string::npos);
  EXPECT_NE(complaint_of([&] {
              static_cast<void>(load_device_profile(library(), "elektron"));
            }).find("there are: bad, electron. Did you mean 'electron'?"),
            std::string::npos);
}

}  // namespace
}  // namespace rig::scenario
