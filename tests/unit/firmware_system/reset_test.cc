// A reset of the processor alone at any moment: the modem goes on with whatever it was doing, in
// the middle of a command, of an answer, of data behind a prompt.
#include <gtest/gtest.h>

#include <memory>

#include "unit/firmware_system/products.h"

namespace firmware_system {
namespace {

using namespace std::chrono_literals;
using rig::base::Duration;

// The console after a reset at `moment`, and that of the run before it.
std::unique_ptr<HostProduct> reset_at(Duration moment, std::chrono::seconds length) {
  auto product = std::make_unique<HostProduct>(setup_with(kThirdParty, kSetsApn));
  install_first_release(*product, kSetsApn);
  product->set_target({.user = 2});
  product->at(moment, [&product] {
    product->forget();
    product->reset_pin();
  });
  product->run(length);
  return product;
}

TEST(Reset, WhileConnectingDelaysTheConnectionOnly) {
  for (Duration moment = 0s; moment < 9s; moment += 37ms) {
    const auto product = reset_at(moment, 60s);
    EXPECT_TRUE(product->printed("online mode=normal user=1") ||
                product->printed("online mode=safe"))
        << rig::base::to_seconds(moment) << " s\n"
        << all(*product);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Reset, InAnUpdateStartsItAgain) {
  for (Duration moment = 8s; moment < 40s; moment += 173ms) {
    const auto product = reset_at(moment, 240s);
    ASSERT_FALSE(product->console.empty());
    EXPECT_EQ(product->console.back(), "online mode=normal user=2 system=700 bootloader=604")
        << rig::base::to_seconds(moment) << " s\n"
        << all(*product);
    if (testing::Test::HasFailure()) return;
  }
}

// Nothing that the modem was interrupted in costs it its profile.
TEST(Reset, NeverTakesTheApnFromTheModem) {
  for (Duration moment = 9s; moment < 40s; moment += 173ms) {
    const auto product = reset_at(moment, 60s);
    EXPECT_TRUE(product->printed("modem apn=iot.example.net source=kept"))
        << rig::base::to_seconds(moment) << " s\n"
        << all(*product);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace firmware_system
