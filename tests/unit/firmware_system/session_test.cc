// Keeping a connection, and getting it back.
#include <gtest/gtest.h>

#include "unit/firmware_system/products.h"

namespace firmware_system {
namespace {

using namespace std::chrono_literals;

bool noted(const HostProduct& product, const std::string& part) {
  for (const auto& note : product.server_notes) {
    if (note.find(part) != std::string::npos) return true;
  }
  return false;
}

void keep_alive_when_online() {
  if (electron_api.online()) electron_api.keep_alive(30);
}

TEST(Session, PingsAsOftenAsTheApplicationWants) {
  const Application application{set_nothing, keep_alive_when_online};
  HostProduct product(setup_with(kBuiltIn, application));
  install_first_release(product, application);
  unsigned pings = 0;
  product.loses = [&pings](const rig::base::Packet& packet) {
    pings += packet.destination.port == 5684 && packet.payload[1] == 0x03;
    return false;
  };
  product.run(330s);
  EXPECT_GE(pings, 9u);
  EXPECT_LE(pings, 11u);
}

TEST(Session, StaysQuietByDefault) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_first_release(product, kSetsNothing);
  product.at(60s, [&] { product.forget(); });
  product.run(1300s);
  EXPECT_TRUE(product.commands.empty()) << all(product);
  EXPECT_TRUE(product.console.empty());
}

// No matter how long nothing happens, the processor sleeps: about one wake-up a second.
TEST(Session, SleepsWhileNothingHappens) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_first_release(product, kSetsNothing);
  product.at(60s, [&] { product.wakeups = 0; });
  product.run(1060s);
  EXPECT_LE(product.wakeups, 1010u);
}

TEST(Session, PublishesEventsOfTheApplication) {
  static bool published;
  published = false;
  const Application application{
      set_nothing, [] { published = published || electron_api.publish("status", "fine"); }};
  HostProduct product(setup_with(kBuiltIn, application));
  install_first_release(product, application);
  product.run(60s);
  EXPECT_TRUE(noted(product, "event status=fine")) << all(product);
}

TEST(Session, TellsTheServerThatItIsInSafeMode) {
  Product setup = setup_with(kBuiltIn, kSetsNothing);
  setup.server.healing = false;
  HostProduct product(std::move(setup));
  install_first_release(product, kSetsNothing);
  *product.flash(0x08080100) ^= 1;
  product.run(60s);
  EXPECT_TRUE(product.printed("system ver=604 mode=safe user=none user_state=crc"));
  EXPECT_TRUE(product.printed("online mode=safe user=none"));
  EXPECT_TRUE(noted(product, "hello mode=safe")) << all(product);
  EXPECT_TRUE(noted(product, "event spark/device/safemode=crc"));
}

TEST(Session, ComesBackAfterTheModemLostPowerAlone) {
  const Application application{set_nothing, keep_alive_when_online};
  HostProduct product(setup_with(kBuiltIn, application));
  install_first_release(product, application);
  product.at(60s, [&] {
    product.forget();
    product.cut_modem();
  });
  product.run(400s);
  EXPECT_TRUE(product.printed("online mode=normal")) << all(product);
}

TEST(Session, ComesBackAfterAnOutage) {
  const Application application{set_nothing, keep_alive_when_online};
  HostProduct product(setup_with(kBuiltIn, application));
  install_first_release(product, application);
  bool away = false;
  product.loses = [&away](const rig::base::Packet&) { return away; };
  product.at(60s, [&] { away = true; });
  product.at(300s, [&] {
    away = false;
    product.forget();
  });
  product.run(600s);
  EXPECT_TRUE(product.printed("online mode=normal")) << all(product);
}

TEST(Boot, WithoutUserModuleAndFactoryCopyIsSafeMode) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  product.install(bootloader_module(700), 0x08000000);
  product.install(system_module(700), 0x08020000);
  product.run(60s);
  EXPECT_TRUE(product.printed("system ver=700 mode=safe user=none user_state=invalid"));
  EXPECT_TRUE(product.printed("online mode=safe user=none system=700")) << all(product);
}

TEST(Boot, WithoutUserModuleRestoresTheFactoryCopy) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  product.install(bootloader_module(700), 0x08000000);
  product.install(system_module(700), 0x08020000);
  product.install(user_module(0, 604, kSetsNothing), 0x080A0000);
  product.run(60s);
  EXPECT_TRUE(product.printed("system ver=700 mode=safe user=none user_state=factory-restore"));
  EXPECT_TRUE(product.printed("system ver=700 mode=normal user=0 user_state=ok")) << all(product);
}

TEST(Boot, ObeysARequestForSafeModeOnce) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_first_release(product, kSetsNothing);
  product.backup[BACKUP_BOOT] = BOOT_SAFE_MODE;
  product.at(20s, [&] {
    EXPECT_TRUE(product.printed("system ver=604 mode=safe user=1 user_state=ok"));
    product.reset_pin();
  });
  product.run(30s);
  EXPECT_TRUE(product.printed("system ver=604 mode=normal user=1 user_state=ok"));
}

}  // namespace
}  // namespace firmware_system
