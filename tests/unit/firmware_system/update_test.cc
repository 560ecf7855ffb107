// The way of an update through safe mode, with everything that the link may do to it.
#include <gtest/gtest.h>

#include "unit/firmware_system/products.h"

namespace firmware_system {
namespace {

using namespace std::chrono_literals;
using rig::ota::ModuleFunction;

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
  EXPECT_TRUE(product.printed("update begin module=user")) << all(product);
  EXPECT_TRUE(product.printed("update progress chunk=32 of=33"));
  EXPECT_TRUE(product.printed("update complete module=user"));
  EXPECT_TRUE(product.printed("update verify result=ok"));
  EXPECT_TRUE(product.printed("update pending slot=1 module=user"));
  EXPECT_TRUE(product.printed("resetting reason=update"));
  EXPECT_TRUE(product.printed("system ver=604 mode=safe user=2 user_state=needs-system"));
  EXPECT_TRUE(product.printed("modem apn=iot.example.net source=kept"));
  EXPECT_TRUE(product.printed("online mode=safe user=2 system=604 bootloader=604"));
  EXPECT_TRUE(product.printed("update pending slot=1 module=system"));
  EXPECT_TRUE(product.printed("online mode=normal user=2 system=700 bootloader=604"));
}

// Every third packet down is lost: the first pass leaves holes, requests for them fill them.
TEST(Update, RepairsWhatTheLinkLoses) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_first_release(product, kSetsNothing);
  product.set_target({.user = 2});
  unsigned packets = 0;
  product.loses = [&packets](const rig::base::Packet& packet) {
    return packet.source.port == 5684 && ++packets % 3 == 0;
  };
  product.run(600s);
  EXPECT_TRUE(product.printed("online mode=normal user=2 system=700")) << all(product);
}

TEST(Update, TakesConfirmedChunks) {
  Product setup = setup_with(kBuiltIn, kSetsNothing);
  setup.server.mode = rig::ota::TransferMode::confirmed;
  HostProduct product(std::move(setup));
  install_first_release(product, kSetsNothing);
  product.set_target({.user = 2});
  product.run(600s);
  EXPECT_TRUE(product.printed("online mode=normal user=2 system=700")) << all(product);
}

TEST(Update, ResetsAfterNinetySecondsWithoutAChunk) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_first_release(product, kSetsNothing);
  product.set_target({.user = 2});
  unsigned chunks = 0;
  product.loses = [&chunks](const rig::base::Packet& packet) {
    return packet.payload.size() > 200 && packet.source.port == 5684 && ++chunks > 10;
  };
  product.run(120s);
  EXPECT_TRUE(product.printed("update abandoned reason=timeout")) << all(product);
  EXPECT_TRUE(product.printed("resetting reason=update_timeout"));
  EXPECT_FALSE(product.printed("update pending"));
}

TEST(Update, CopiesABootloaderInPlace) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_first_release(product, kSetsNothing);
  product.set_target({.bootloader = 700});
  product.run(120s);
  EXPECT_TRUE(product.printed("update direct module=bootloader")) << all(product);
  EXPECT_TRUE(product.printed("update direct-done module=bootloader"));
  EXPECT_TRUE(product.printed("online mode=normal user=1 system=604 bootloader=700"));
}

// As the original: the restart comes all the same, and the old application is still there.
TEST(Update, RefusesADamagedImageAndRestarts) {
  Product setup = setup_with(kBuiltIn, kSetsNothing);
  setup.catalogue.back().image[5000] ^= 1;
  setup.server.offers = 1;
  HostProduct product(std::move(setup));
  install_first_release(product, kSetsNothing);
  product.set_target({.user = 2});
  product.run(120s);
  EXPECT_TRUE(product.printed("update verify result=crc")) << all(product);
  EXPECT_TRUE(product.printed("resetting reason=update"));
  EXPECT_FALSE(product.printed("update pending"));
  EXPECT_EQ(product.console.back(), "online mode=normal user=1 system=604 bootloader=604");
}

TEST(Update, TellsForeignPlatformsApart) {
  Product setup = setup_with(kBuiltIn, kSetsNothing);
  setup.catalogue.back().image[12] = 6;  // a Photon's
  setup.server.offers = 1;
  HostProduct product(std::move(setup));
  install_first_release(product, kSetsNothing);
  product.set_target({.user = 2});
  product.run(120s);
  EXPECT_TRUE(product.printed("update verify result=platform")) << all(product);
}

// The application goes on while chunks arrive: it is what feeds the external watchdog.
TEST(Update, LetsTheApplicationRunMeanwhile) {
  HostProduct product(setup_with(kBuiltIn, kSetsNothing));
  install_first_release(product, kSetsNothing);
  product.run(100s);
  EXPECT_GE(product.watchdog_kicks, 90u);
  EXPECT_LE(product.watchdog_kicks, 101u);
}

}  // namespace
}  // namespace firmware_system
