#include "base/shallow_idle.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>

namespace rig::base {
namespace {

// What the kernel keeps to at this moment, for all requests together; microseconds.
std::int32_t latency_in_force() {
  std::int32_t value = std::numeric_limits<std::int32_t>::max();
  std::ifstream("/dev/cpu_dma_latency", std::ios::binary)
      .read(reinterpret_cast<char*>(&value), sizeof value);
  return value;
}

constexpr std::int32_t kDeepUs = 10;

TEST(ShallowIdle, IsInForceForAsLongAsItLives) {
  if (latency_in_force() <= kDeepUs) GTEST_SKIP() << "somebody else asks for it already";
  std::optional<ShallowIdle> idle(std::in_place);
  if (!idle->granted()) GTEST_SKIP() << "/dev/cpu_dma_latency is not for this user";
  EXPECT_LE(latency_in_force(), kDeepUs);
  idle.reset();
  EXPECT_GT(latency_in_force(), kDeepUs);
}

}  // namespace
}  // namespace rig::base
