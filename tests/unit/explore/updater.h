// The simulated chip with the updater of firmware/variants.c, alone: no runner, no modem.
#pragma once

#include "base/random.h"
#include "explore/exploration.h"
#include "simulator/engine.h"
#include "unit/simulator/test_world.h"

namespace rig::explore::testing {

class Operations final : public simulator::FlashOpObserver {
 public:
  void at(const simulator::FlashOp& op, const simulator::World&) override {
    const std::uint32_t offset = op.address - simulator::kFlashBase;
    changes.push_back(op.erase ? Change::erase(offset, op.bytes)
                               : Change::program(offset, op.bytes, op.value));
  }
  std::vector<Change> changes;
};

struct UpdaterVariant {
  std::uint32_t words{};
  std::uint32_t flags{};
};

// Word count and flags by seed; the update is wanted and waits in the second slot.
inline base::Bytes updater(std::uint64_t seed) {
  base::Random random(base::derived_seed(seed, "variant"));
  const auto words = static_cast<std::uint32_t>(3 + random.below(4));
  base::Bytes flash = simulator::testing::flash_with("variants");
  base::write_le32(flash, 0x3F00, words);
  base::write_le32(flash, 0x3F04, static_cast<std::uint32_t>(random.below(1U << 9)));
  for (std::uint32_t slot = 1; slot <= 2; ++slot) {
    std::uint32_t sum = 0;
    for (std::uint32_t i = 0; i <= words; ++i) {
      const auto value = i == 0       ? slot
                         : i == words ? sum
                                      : static_cast<std::uint32_t>(random.next());
      base::write_le32(flash, slot * 0x4000 + 4 * i, value);
      sum = sum * 31 + value;
    }
  }
  base::write_le32(flash, 0xC000, 0x5A17C0DE);
  return flash;
}

// A Recover: power on, until it says "end" or has had ten seconds. Backup registers are lost with
// the power here, so every rest is the same one.
class UpdaterBoard {
 public:
  explicit UpdaterBoard(const simulator::McuDescription& chip = simulator::stm32f205())
      : off_(simulator::testing::world_with("variants", {.mcu = &chip})) {}

  [[nodiscard]] Trace execute(const PowerOn& start) {
    simulator::World world = off_;
    Operations operations;
    reads_.begin();
    world.plant(start.flash, start.marks);
    world.record_reads(&reads_);
    world.observe(&operations);
    world.set_power({.board = true, .modem = false}, true);
    Trace trace;
    const auto limit = simulator::testing::at(std::chrono::seconds(10));
    for (bool ended = false; !ended;) {
      ended = world.run(engine_, limit) == simulator::Pause::until;
      for (const auto& event : world.take_events()) {
        if (event.lane == record::Lane::flash || event.lane == record::Lane::power) continue;
        trace.ending.story += event.text + "\n";
        ended = ended || event.text == "end";
      }
    }
    const bool runs = trace.ending.story.find("app version") != std::string::npos;
    trace.ending.verdict = runs ? record::Verdict::survived_new : record::Verdict::bricked;
    trace.reads = reads_.words();
    trace.changes = std::move(operations.changes);
    trace.rests = {{0, start.rest}};
    return trace;
  }

 private:
  simulator::World off_;
  simulator::Engine engine_{simulator::Loads::seen};
  simulator::FlashReads reads_;
};

}  // namespace rig::explore::testing
