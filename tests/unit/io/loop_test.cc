// The loop, its timers, watches and signals, against the kernel.

#include "io/loop.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <thread>
#include <vector>

#include "base/rig_error.h"
#include "io/signals.h"
#include "io/timer.h"
#include "io/unique_fd.h"
#include "io/watch.h"

namespace rig::io {
namespace {

using namespace std::chrono_literals;

TEST(Instant, IsTheDistanceFromTheCyclesStart) {
  const Time start = now();
  EXPECT_EQ(instant_of(start + 5ms, start), base::kCycleStart + 5ms);
  EXPECT_EQ(instant_of(start - 5ms, start), base::kCycleStart);
}

TEST(Loop, RunsForAsLongAsAskedWithNothingToDo) {
  Loop loop;
  const Time start = now();
  loop.run_for(20ms);
  EXPECT_GE(now() - start, 20ms);
}

TEST(Loop, StopsFromACallbackAndRunsAgain) {
  Loop loop;
  for (int round = 0; round < 2; ++round) {
    loop.post([&] { loop.stop(); });
    loop.run();
  }
}

TEST(Loop, RunsWhatWasPostedInItsOrderAndNotAtOnce) {
  Loop loop;
  std::vector<int> order;
  loop.post([&] {
    loop.post([&] { order.push_back(2); });
    order.push_back(1);
  });
  EXPECT_TRUE(order.empty());
  EXPECT_TRUE(loop.run_until([&] { return order.size() == 2; }, 5s));
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(Loop, TakesTasksFromOtherThreads) {
  constexpr int kEach = 5000;
  Loop loop;
  const auto mine = std::this_thread::get_id();
  int ran = 0;
  int elsewhere = 0;
  const auto post_all = [&] {
    for (int i = 0; i < kEach; ++i) {
      loop.post([&] {
        ++ran;
        elsewhere += std::this_thread::get_id() == mine ? 0 : 1;
      });
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(post_all);
  EXPECT_TRUE(loop.run_until([&] { return ran == 4 * kEach; }, 20s));
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(elsewhere, 0);
}

TEST(Loop, IsLeftByWhatACallbackThrowsAndRunsOn) {
  Loop loop;
  bool later = false;
  loop.post([] { throw std::runtime_error("the disk is full"); });
  loop.post([&] { later = true; });
  EXPECT_THROW(loop.run(), std::runtime_error);
  EXPECT_TRUE(loop.run_until([&] { return later; }, 5s));
}

TEST(Timer, ExpiresNotBeforeItsDeadline) {
  Loop loop;
  Timer timer(loop);
  const Time deadline = now() + 15ms;
  std::optional<Time> expired;
  timer.at(deadline, [&](Time at) { expired = at; });
  EXPECT_TRUE(timer.is_set());
  ASSERT_TRUE(loop.run_until([&] { return expired.has_value(); }, 5s));
  EXPECT_GE(*expired, deadline);
  EXPECT_FALSE(timer.is_set());
}

TEST(Timer, WithADeadlineInThePastExpiresInTheLoop) {
  Loop loop;
  Timer timer(loop);
  bool expired = false;
  timer.at(now() - 1s, [&](Time) { expired = true; });
  EXPECT_FALSE(expired);
  EXPECT_TRUE(loop.run_until([&] { return expired; }, 5s));
}

TEST(Timer, SetAgainForgetsTheDeadlineBefore) {
  Loop loop;
  Timer timer(loop);
  std::vector<int> expired;
  timer.after(1ms, [&](Time) { expired.push_back(1); });
  timer.after(20ms, [&](Time) { expired.push_back(2); });
  loop.run_for(40ms);
  EXPECT_EQ(expired, std::vector{2});
}

// Both have expired when the loop looks: the second one's callback waits in Asio's queue while the
// first one runs.
TEST(Timer, CancelledByAnotherThatExpiredWithItStaysSilent) {
  for (const bool destroyed : {false, true}) {
    Loop loop;
    Timer first(loop);
    std::optional<Timer> second(std::in_place, loop);
    int expired = 0;
    first.at(now() - 2ms, [&](Time) {
      ++expired;
      destroyed ? second.reset() : second->cancel();
    });
    second->at(now() - 1ms, [&](Time) { ++expired; });
    loop.run_for(5ms);
    EXPECT_EQ(expired, 1);
  }
}

TEST(Timer, MayBeSetAndDestroyedByItsOwnCallback) {
  Loop loop;
  std::optional<Timer> timer(std::in_place, loop);
  int expired = 0;
  timer->after(1ms, [&](Time) {
    ++expired;
    timer->after(1ms, [&](Time) {
      ++expired;
      timer.reset();
    });
  });
  EXPECT_TRUE(loop.run_until([&] { return expired == 2; }, 5s));
  EXPECT_FALSE(timer.has_value());
}

TEST(Watch, TellsAgainAsLongAsSomethingIsLeftToRead) {
  Loop loop;
  const Pipe pipe = make_pipe();
  ASSERT_EQ(::write(pipe.write.get(), "abc", 3), 3);
  std::string read;
  Watch watch(loop, pipe.read.get());
  watch.on_readable([&] {
    char letter = 0;
    if (::read(pipe.read.get(), &letter, 1) == 1) read += letter;
  });
  EXPECT_TRUE(loop.run_until([&] { return read == "abc"; }, 5s));
  ASSERT_EQ(::write(pipe.write.get(), "d", 1), 1);
  EXPECT_TRUE(loop.run_until([&] { return read == "abcd"; }, 5s));
}

TEST(Watch, TellsOfAHangUp) {
  Loop loop;
  Pipe pipe = make_pipe();
  bool called = false;
  std::optional<Watch> watch(std::in_place, loop, pipe.read.get());
  watch->on_readable([&] {
    called = true;
    watch.reset();
  });
  pipe.write.reset();
  EXPECT_TRUE(loop.run_until([&] { return called; }, 5s));
}

TEST(Watch, StopsReading) {
  Loop loop;
  const Pipe pipe = make_pipe();
  int called = 0;
  Watch watch(loop, pipe.read.get());
  watch.on_readable([&] {
    ++called;
    watch.stop_reading();
  });
  ASSERT_EQ(::write(pipe.write.get(), "abc", 3), 3);
  loop.run_for(20ms);
  EXPECT_EQ(called, 1);
}

TEST(Watch, TellsOnceWhenWritable) {
  Loop loop;
  const Pipe pipe = make_pipe();
  int called = 0;
  Watch watch(loop, pipe.write.get());
  watch.when_writable([&] { ++called; });
  loop.run_for(20ms);
  EXPECT_EQ(called, 1);
}

TEST(Watch, OfADescriptorThatIsNotOpenIsRefused) {
  Loop loop;
  EXPECT_THROW(Watch(loop, 9999), base::RigError);
}

TEST(Signals, BecomeEvents) {
  Loop loop;
  std::vector<int> seen;
  Signals signals(loop, {SIGUSR1, SIGUSR2}, [&](int number) { seen.push_back(number); });
  ::raise(SIGUSR1);
  EXPECT_TRUE(loop.run_until([&] { return seen.size() == 1; }, 5s));
  ::raise(SIGUSR2);
  EXPECT_TRUE(loop.run_until([&] { return seen.size() == 2; }, 5s));
  EXPECT_EQ(seen, (std::vector{SIGUSR1, SIGUSR2}));
}

TEST(Signals, ThatCannotBeCaughtAreRefused) {
  Loop loop;
  EXPECT_THROW(Signals(loop, {SIGKILL}, [](int) {}), base::RigError);
}

}  // namespace
}  // namespace rig::io
