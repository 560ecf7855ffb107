// The whole way of an update, as the second field report went it.
#include <gtest/gtest.h>

#include "unit/firmware_system/firmware.h"
#include "unit/firmware_system/host_product.h"

namespace firmware_system {
namespace {

using namespace std::chrono_literals;
using rig::ota::ModuleFunction;

const rig::modem::SimCard kThirdParty{.name = "third-party",
                                      .imsi = "204513000000017",
                                      .iccid = "8931513000000000017",
                                      .apn = "iot.example.net",
                                      .user = {},
                                      .password = {}};
const rig::modem::SimCard kBuiltIn{.name = "built-in",
                                   .imsi = "214074300000023",
                                   .iccid = "8934076500000000023",
                                   .apn = "spark.telefonica.com",
                                   .user = {},
                                   .password = {}};

void set_own_apn() { electron_api.set_credentials("iot.example.net", "", ""); }
void set_nothing() {}
void just_feed() { electron_api.external_watchdog_kick(); }

const Application kSetsApn{set_own_apn, just_feed};
const Application kSetsNothing{set_nothing, just_feed};

Setup setup_with(const rig::modem::SimCard& sim, const Application& application) {
  return {.sim = sim,
          .catalogue = {{ModuleFunction::bootloader, 700, bootloader_module(700)},
                        {ModuleFunction::system, 700, system_module(700)},
                        {ModuleFunction::user, 2, user_module(2, 700, application)}},
          .server = {}};
}

void install_first_release(HostProduct& product, const Application& application) {
  product.install(bootloader_module(604), 0x08000000);
  product.install(system_module(604), 0x08020000);
  product.install(user_module(1, 604, application), 0x08080000);
}

std::string all(const HostProduct& product) {
  std::string text;
  for (const auto& line : product.console) text += line + "\n";
  for (const auto& line : product.server_notes) text += "server: " + line + "\n";
  for (const auto& line : product.commands) text += "> " + line + "\n";
  return text;
}

TEST(Update, BootsAttachesWithTheApplicationsApnAndGetsOnline) {
  HostProduct product(setup_with(kThirdParty, kSetsApn));
  install_first_release(product, kSetsApn);
  product.run(60s);
  EXPECT_TRUE(product.printed("system ver=604 mode=normal user=1 user_state=ok apn_store=none"));
  EXPECT_TRUE(product.printed("modem ready model=SARA-U201 imsi=204513000000017"));
  EXPECT_TRUE(product.printed("modem apn=iot.example.net source=user"));
  EXPECT_TRUE(product.printed("modem attached ip=10.0.0.2"));
  EXPECT_TRUE(product.printed("online mode=normal user=1 system=604 bootloader=604"))
      << all(product);
}

TEST(Update, GoesThroughSafeModeAndIsHealed) {
  HostProduct product(setup_with(kThirdParty, kSetsApn));
  install_first_release(product, kSetsApn);
  product.set_target({.user = 2});
  product.run(300s);
  EXPECT_TRUE(product.printed("update pending slot=1 module=user")) << all(product);
  EXPECT_TRUE(product.printed("system ver=604 mode=safe user=2 user_state=needs-system"));
  EXPECT_TRUE(product.printed("modem apn=iot.example.net source=kept"));
  EXPECT_TRUE(product.printed("update pending slot=1 module=system"));
  EXPECT_TRUE(product.printed("online mode=normal user=2 system=700 bootloader=604"));
}

}  // namespace
}  // namespace firmware_system
