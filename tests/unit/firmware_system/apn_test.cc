// What becomes of the APN: the question of the second field report.
#include <gtest/gtest.h>

#include "unit/firmware_system/products.h"

namespace firmware_system {
namespace {

using namespace std::chrono_literals;

// A device that waits in safe mode for a system that nobody sends.
void install_unmet_dependency(HostProduct& product, const Application& application) {
  install_first_release(product, application);
  product.install(user_module(2, 700, application), 0x08080000);
}

Product without_healing(const rig::modem::SimCard& sim) {
  Product setup = setup_with(sim, kSetsApn);
  setup.server.healing = false;
  return setup;
}

// Online with the application first, so that the modem knows the APN; then the application is
// exchanged under it, as an update would.
void exchange_application(HostProduct& product) {
  product.install(user_module(2, 700, kSetsApn), 0x08080000);
}

TEST(Apn, SurvivesAResetOfTheProcessorAlone) {
  HostProduct product(without_healing(kThirdParty));
  install_first_release(product, kSetsApn);
  product.at(30s, [&] {
    product.forget();
    exchange_application(product);
    product.reset_pin();
  });
  product.run(60s);
  EXPECT_TRUE(product.printed("system ver=604 mode=safe user=2 user_state=needs-system"));
  EXPECT_TRUE(product.printed("modem apn=iot.example.net source=kept")) << all(product);
  EXPECT_TRUE(product.printed("online mode=safe"));
  EXPECT_EQ(product.sent("AT+UPSD=0,1,"), 0u);
  EXPECT_EQ(product.sent("AT+UPSDA"), 0u);
}

TEST(Apn, OfAThirdPartySimIsLostInSafeModeWhenTheModemLosesPower) {
  HostProduct product(without_healing(kThirdParty));
  install_first_release(product, kSetsApn);
  product.at(30s, [&] {
    product.forget();
    exchange_application(product);
    product.lose_power(true);
  });
  product.run(3600s);
  EXPECT_TRUE(product.printed("modem apn=spark.telefonica.com source=default"));
  EXPECT_TRUE(product.printed("modem refused apn=spark.telefonica.com"));
  EXPECT_FALSE(product.printed("online"));
  EXPECT_EQ(product.sent("AT+UPSD=0,6,0"), product.sent("AT+UPSD=0,6,2"));
  EXPECT_EQ(product.sent("AT+UPSDA=0,3"), 3 * product.sent("AT+UPSD=0,7"));
  EXPECT_EQ(product.sent("AT+CPWROFF"), product.sent("AT+UPSD=0,7"));
  EXPECT_LE(product.sent("AT+CPWROFF"), 55u) << "a minute between the attempts";
}

TEST(Apn, OfTheBuiltInSimNeedsNoApplication) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_unmet_dependency(product, kSetsNothing);
  product.run(200s);
  EXPECT_TRUE(product.printed("modem apn=spark.telefonica.com source=default"));
  EXPECT_TRUE(product.printed("online mode=normal user=2 system=700")) << all(product);
}

// After the third failure in a row the modem is switched off, and what it remembered is gone.
TEST(Apn, IsLostInSafeModeWhenTheServerIsAwayForLong) {
  HostProduct product(without_healing(kThirdParty));
  install_first_release(product, kSetsApn);
  bool away = false;
  product.loses = [&away](const rig::base::Packet&) { return away; };
  product.at(30s, [&] {
    product.forget();
    exchange_application(product);
    away = true;
    product.reset_pin();
  });
  product.at(330s, [&] { away = false; });
  product.run(900s);
  EXPECT_TRUE(product.printed("modem apn=iot.example.net source=kept")) << all(product);
  EXPECT_TRUE(product.printed("modem refused apn=spark.telefonica.com"));
  EXPECT_FALSE(product.printed("online"));
}

TEST(Apn, SurvivesAShortAbsenceOfTheServer) {
  HostProduct product(without_healing(kThirdParty));
  install_first_release(product, kSetsApn);
  bool away = false;
  product.loses = [&away](const rig::base::Packet&) { return away; };
  product.at(30s, [&] {
    product.forget();
    exchange_application(product);
    away = true;
    product.reset_pin();
  });
  product.at(130s, [&] { away = false; });
  product.run(400s);
  EXPECT_TRUE(product.printed("online mode=safe")) << all(product);
  EXPECT_EQ(product.sent("AT+CPWROFF"), 0u);
}

// A SARA-R410 keeps its packet-data context in its own memory.
TEST(Apn, OfAnR410OutlivesTheModemsPower) {
  Product setup = without_healing(kThirdParty);
  setup.model = rig::modem::Model::sara_r410;
  HostProduct product(std::move(setup));
  install_first_release(product, kSetsApn);
  product.at(60s, [&] {
    EXPECT_TRUE(product.printed("online mode=normal")) << all(product);
    product.forget();
    exchange_application(product);
    product.lose_power(true);
  });
  product.run(150s);
  EXPECT_TRUE(product.printed("modem ready model=SARA-R410M-02B"));
  EXPECT_TRUE(product.printed("modem apn=iot.example.net source=kept")) << all(product);
  EXPECT_TRUE(product.printed("online mode=safe"));
}

TEST(Apn, OfAnR410IsRefusedByNeverRegistering) {
  Product setup = without_healing(kThirdParty);
  setup.model = rig::modem::Model::sara_r410;
  HostProduct product(std::move(setup));
  install_first_release(product, kSetsNothing);
  product.run(400s);
  EXPECT_TRUE(product.printed("modem refused apn=spark.telefonica.com")) << all(product);
  EXPECT_FALSE(product.printed("online"));
}

TEST(Apn, WithUserAndPasswordIsAuthenticated) {
  rig::modem::SimCard sim = kThirdParty;
  sim.apn = "secure.example.net";
  sim.user = "fleet";
  sim.password = "secret";
  const Application application{
      [] { electron_api.set_credentials("secure.example.net", "fleet", "secret"); }, just_feed};
  for (const auto model : {rig::modem::Model::sara_u2, rig::modem::Model::sara_r410}) {
    Product setup = setup_with(sim, application);
    setup.model = model;
    HostProduct product(std::move(setup));
    install_first_release(product, application);
    product.run(100s);
    EXPECT_TRUE(product.printed("online mode=normal")) << all(product);
  }
}

}  // namespace
}  // namespace firmware_system
