// The transmitting wire of a USART.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "simulator/usart.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;

// What the wire says of its next line end without searching is what a search finds, whatever is
// sent, taken, held back and let go.
TEST(Transmitter, KnowsTheEndOfTheFirstLineOnTheWire) {
  base::Random random(7);
  Transmitter wire;
  base::Instant now{1s};
  bool held = false;
  unsigned ends = 0;
  for (int step = 0; step < 20'000; ++step) {
    switch (random.below(8)) {
      case 0:
        static_cast<void>(wire.take_sent(now));
        break;
      case 1:
        now += base::Duration(static_cast<std::int64_t>(random.below(2'000'000)));
        break;
      case 2:
        held ? wire.release(now) : wire.hold(now);
        held = !held;
        break;
      default:
        wire.push(random.below(10) == 0 ? '\n' : 'x', now);
        break;
    }
    const auto& bytes = wire.on_wire();
    const auto feed = std::ranges::find(bytes, '\n', &Transmitter::Sent::value);
    ASSERT_EQ(wire.line_end().has_value(), feed != bytes.end()) << step;
    if (feed == bytes.end()) continue;
    ASSERT_EQ(*wire.line_end(), feed->end) << step;
    ++ends;
  }
  EXPECT_GT(ends, 1000U);
}

}  // namespace
}  // namespace rig::simulator
