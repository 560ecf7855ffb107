#include "simulator/world.h"

#include <gtest/gtest.h>

#include <chrono>

#include "unit/simulator/test_world.h"

namespace rig::simulator {
namespace {

using namespace std::chrono_literals;
using testing::at;

TEST(World, SleeperWakesOnceASecond) {
  Engine engine;
  auto world = testing::world_with("sleeper");
  world.set_power({.board = true, .modem = false}, true);
  const auto timeline = testing::run_to(world, engine, at(101s));
  for (const auto& e : timeline) puts(record::to_line(e).c_str());
}

TEST(World, Flasher) {
  Engine engine;
  auto world = testing::world_with("flasher");
  world.set_power({.board = true, .modem = false}, true);
  const auto timeline = testing::run_to(world, engine, at(10s));
  for (const auto& e : timeline) puts(record::to_line(e).c_str());
}

}  // namespace
}  // namespace rig::simulator
