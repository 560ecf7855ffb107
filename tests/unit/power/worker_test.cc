#include "power/worker.h"

#include <gtest/gtest.h>

#include "fake_switch.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

OpenSwitch opener(FakePlant& plant) {
  return [&plant](Moment) { return std::make_unique<FakeSwitch>(plant); };
}

Order set_order(std::uint8_t channel, Level level, Moment deadline) {
  return {.what = SetOrder{.change = {Channel{channel}, level}, .verify = true},
          .deadline = deadline};
}

TEST(Worker, CarriesOutOrdersInTurnOnItsOwnThread) {
  FakePlant plant;
  Worker worker("fake", opener(plant));
  std::promise<std::thread::id> where;
  worker.submit(set_order(1, Level::on, soon()),
                [&](const SwitchResult&) { where.set_value(std::this_thread::get_id()); });
  auto second = worker.submit(set_order(2, Level::on, soon()));
  const SwitchResult result = result_of(second, soon());
  ASSERT_EQ(result.failure(), nullptr);
  EXPECT_LE(result.not_before, result.not_after);
  EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
  EXPECT_EQ(plant.bits, 0b110U);
  EXPECT_EQ(plant.openings, 1);
}

TEST(Worker, NeverHoldsUpItsCaller) {
  FakePlant plant;
  plant.gate.shut();
  Worker worker("fake", opener(plant));
  auto pending = worker.submit(set_order(1, Level::on, soon()));
  const Moment before = now();
  for (int i = 0; i < 100; ++i) {
    worker.submit(set_order(1, Level::off, soon()), [](const SwitchResult&) {});
  }
  EXPECT_LT(now() - before, 1s);
  plant.gate.open();
  EXPECT_EQ(result_of(pending, soon()).failure(), nullptr);
}

TEST(Worker, ReadsBack) {
  FakePlant plant;
  plant.bits = 0b1000;
  Worker worker("fake", opener(plant));
  auto pending = worker.submit({.what = ReadOrder{}, .deadline = soon()});
  const SwitchResult result = result_of(pending, soon());
  EXPECT_EQ(std::get<std::optional<Levels>>(result.what)->bits(), 0b1000U);
}

TEST(Worker, CallsWhatItIsGiven) {
  FakePlant plant;
  Worker worker("fake", opener(plant));
  const CallOrder call{[](PowerSwitch& power, Moment deadline) {
    return power.set(Channel{3}, Level::on, deadline);
  }};
  auto pending = worker.submit({.what = call, .deadline = soon()});
  EXPECT_EQ(result_of(pending, soon()).failure(), nullptr);
  EXPECT_EQ(plant.bits, 0b1000U);
}

TEST(Worker, OpensTheSwitchAgainAfterItVanished) {
  FakePlant plant;
  Worker worker("fake", opener(plant));
  plant.gone = true;
  auto lost = worker.submit(set_order(1, Level::on, soon()));
  const SwitchResult failed = result_of(lost, soon());
  ASSERT_NE(failed.failure(), nullptr);
  EXPECT_EQ(failed.failure()->fault, Fault::vanished);
  plant.gone = false;
  auto back = worker.submit(set_order(1, Level::on, soon()));
  EXPECT_EQ(result_of(back, soon()).failure(), nullptr);
  EXPECT_EQ(plant.openings, 2);
}

TEST(Worker, TellsStuckFromSwapped) {
  FakePlant plant;
  Worker worker("fake", opener(plant));
  plant.stuck = true;
  auto stuck = worker.submit(set_order(1, Level::on, soon()));
  EXPECT_EQ(result_of(stuck, soon()).failure()->fault, Fault::stuck);
  plant.stuck = false;
  auto read = worker.submit({.what = ReadOrder{}, .deadline = soon()});
  static_cast<void>(result_of(read, soon()));
  plant.bits = 0b10000;  // another channel moves between reading and switching
  auto swapped = worker.submit(set_order(1, Level::on, soon()));
  EXPECT_EQ(result_of(swapped, soon()).failure()->fault, Fault::swapped);
}

// Holds the worker up with a first order, so that the next two wait in a row.
class WaitingOrders : public testing::Test {
 protected:
  WaitingOrders() {
    plant_.gate.shut();
    first_ = worker_.submit(set_order(4, Level::on, soon()));
    while (!plant_.gate.waiting()) std::this_thread::yield();
  }

  FakePlant plant_;
  Worker worker_{"fake", opener(plant_)};
  std::future<SwitchResult> first_;
};

TEST_F(WaitingOrders, AreAllSetBeforeOneReadingVerifiesThem) {
  auto one = worker_.submit(set_order(1, Level::on, soon()));
  auto two = worker_.submit(set_order(2, Level::on, soon()));
  plant_.gate.open();
  EXPECT_EQ(result_of(one, soon()).failure(), nullptr);
  EXPECT_EQ(result_of(two, soon()).failure(), nullptr);
  EXPECT_EQ(plant_.bits, 0b10110U);
  EXPECT_EQ(plant_.reads, 2) << "one for the first order, one for both that waited";
}

TEST_F(WaitingOrders, AreJudgedOneByOne) {
  auto one = worker_.submit(set_order(1, Level::on, soon()));
  auto two = worker_.submit(set_order(2, Level::on, soon()));
  plant_.welded = 0b100;
  plant_.gate.open();
  EXPECT_EQ(result_of(one, soon()).failure(), nullptr);
  const SwitchResult stuck = result_of(two, soon());
  ASSERT_NE(stuck.failure(), nullptr);
  EXPECT_EQ(stuck.failure()->fault, Fault::stuck);
}

TEST_F(WaitingOrders, OfOneChannelEndAtTheLast) {
  auto on = worker_.submit(set_order(1, Level::on, soon()));
  auto off = worker_.submit(set_order(1, Level::off, soon()));
  plant_.gate.open();
  EXPECT_EQ(result_of(on, soon()).failure(), nullptr);
  EXPECT_EQ(result_of(off, soon()).failure(), nullptr);
  EXPECT_EQ(plant_.bits, 0b10000U);
}

TEST_F(WaitingOrders, OfWhichOneIsImpossibleAreCarriedOutButForThat) {
  auto one = worker_.submit(set_order(1, Level::on, soon()));
  auto impossible = worker_.submit(set_order(9, Level::on, soon()));
  plant_.gate.open();
  EXPECT_EQ(result_of(one, soon()).failure(), nullptr);
  EXPECT_FALSE(result_of(impossible, soon()).failure()->fault);
}

TEST(Worker, BlamesNoSwitchForAnImpossibleOrder) {
  FakePlant plant;
  Worker worker("fake", opener(plant));
  auto pending = worker.submit(set_order(9, Level::on, soon()));
  const SwitchResult result = result_of(pending, soon());
  ASSERT_NE(result.failure(), nullptr);
  EXPECT_FALSE(result.failure()->fault);
  EXPECT_FALSE(result.failure()->may_have_switched);
}

TEST(Worker, DoesNotBeginWhatIsLate) {
  FakePlant plant;
  Worker worker("fake", opener(plant));
  auto late = worker.submit(set_order(1, Level::off, now() - 1ms));
  const SwitchResult result = result_of(late, soon());
  EXPECT_EQ(result.failure()->fault, Fault::busy);
  EXPECT_EQ(plant.sets, 0);
}

TEST(Worker, ThatHangsInTheKernelIsNoAnswerAndHoldsUpNobodyForEver) {
  static FakePlant plant;  // the thread that is left behind uses it to its end
  plant.gate.shut();
  {
    Worker worker("fake", opener(plant));
    const Moment deadline = now() + 20ms;
    auto pending = worker.submit(set_order(1, Level::off, deadline));
    const SwitchResult result = result_of(pending, deadline);
    ASSERT_NE(result.failure(), nullptr);
    EXPECT_EQ(result.failure()->fault, Fault::no_answer);
    EXPECT_TRUE(result.failure()->may_have_switched);
  }
  EXPECT_TRUE(plant.gate.waiting()) << "the thread is still held, its owner is not";
  plant.gate.open();
  const Moment limit = soon();
  while (plant.sets == 0 && now() < limit) std::this_thread::yield();
  while (plant.gate.waiting()) std::this_thread::yield();
}

TEST(Worker, DropsWhatItHasNotBegun) {
  FakePlant plant;
  plant.gate.shut();
  std::future<SwitchResult> never;
  std::thread opens;
  {
    Worker worker("fake", opener(plant));
    worker.submit(set_order(1, Level::on, soon()), [](const SwitchResult&) {});
    while (!plant.gate.waiting()) std::this_thread::yield();
    never = worker.submit(set_order(2, Level::on, soon()));
    opens = std::thread([&] {
      never.wait();  // dropped first
      plant.gate.open();
    });
  }
  opens.join();
  EXPECT_NE(result_of(never, soon()).failure(), nullptr);
  EXPECT_EQ(plant.bits, 0b10U);
}

}  // namespace
}  // namespace rig::power
