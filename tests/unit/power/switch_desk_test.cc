#include "power/switch_desk.h"

#include <gtest/gtest.h>

#include "fake_switch.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

SwitchOpeners openers_for(FakePlant& plant) {
  return {{"relays", [&plant](Moment) { return std::make_unique<FakeSwitch>(plant); }}};
}

Order on(std::uint8_t channel, Moment deadline) {
  return {.what = SetOrder{.change = {Channel{channel}, Level::on}, .verify = true},
          .deadline = deadline};
}

Order reading() { return {.what = ReadOrder{}, .deadline = soon()}; }

// The result that comes back to a client.
SwitchResult answer_to(SwitchDesk::Client& client, Order order) {
  std::promise<SwitchResult> promise;
  client.submit("relays", std::move(order),
                [&promise](const SwitchResult& result) { promise.set_value(result); });
  return promise.get_future().get();
}

// A relay board of which each board has a channel: what one switches is no surprise to the other.
TEST(SwitchDesk, BoardsShareOneHandle) {
  FakePlant plant;
  SwitchDesk desk(openers_for(plant));
  SwitchDesk::Client first(desk);
  SwitchDesk::Client second(desk);
  EXPECT_EQ(answer_to(first, reading()).failure(), nullptr);
  EXPECT_EQ(answer_to(second, on(2, soon())).failure(), nullptr);
  EXPECT_EQ(answer_to(first, on(1, soon())).failure(), nullptr);
  EXPECT_EQ(plant.bits, 0b110U);
  EXPECT_EQ(plant.openings, 1);
}

TEST(SwitchDesk, WhoHasLeftHearsNothing) {
  FakePlant plant;
  plant.gate.shut();
  SwitchDesk desk(openers_for(plant));
  std::atomic<int> heard{0};
  {
    SwitchDesk::Client leaving(desk);
    leaving.submit("relays", on(1, soon()), [&heard](const SwitchResult&) { ++heard; });
  }
  plant.gate.open();
  SwitchDesk::Client staying(desk);
  EXPECT_EQ(answer_to(staying, reading()).failure(), nullptr);
  EXPECT_EQ(plant.sets, 1);
  EXPECT_EQ(heard, 0);
}

TEST(SwitchDesk, AWorkerThatTheKernelKeepsIsReplaced) {
  FakePlant plant;
  plant.gate.shut();
  SwitchDesk desk(openers_for(plant), 20ms);
  SwitchDesk::Client client(desk);
  client.submit("relays", on(1, now() + 10ms), [](const SwitchResult&) {});
  const Moment limit = soon();
  while (!plant.gate.waiting() && now() < limit) std::this_thread::yield();
  while (now() < limit - 5s + 100ms) std::this_thread::yield();
  EXPECT_EQ(answer_to(client, reading()).failure(), nullptr);
  EXPECT_EQ(plant.openings, 2);
  plant.gate.open();
  while (plant.sets == 0 && now() < limit) std::this_thread::yield();
}

}  // namespace
}  // namespace rig::power
