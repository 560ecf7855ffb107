// One cycle on the simulated board, as a value: the world, the runner that drives it and the
// timeline so far. Copying it copies the whole experiment; that is how a sweep tries a thousand
// cuts on one execution of the update. Bound to no thread; an Engine lends it a CPU while it runs.
#pragma once

#include <cstdint>
#include <span>

#include "image/elf_symbols.h"
#include "record/cut_plan.h"
#include "record/event.h"
#include "scenario/runner.h"
#include "simulator/world.h"

namespace rig::board {

// Where in the update the cut fell; zeros when no flash operation was in flight.
struct LandedCut {
  base::Instant at{};
  simulator::FlashOp operation{};
  bool landed = false;
};

class SimCycle {
 public:
  // Neither has begun: the board is off. The profile inside `runner` must outlive the cycle.
  SimCycle(simulator::World world, scenario::Runner runner);
  // Where the function of a SymbolTrigger begins; needed before a cycle with one begins.
  void locate_code(std::uint32_t address) { code_address_ = address; }

  // To the end of the cycle.
  void run(simulator::Engine& engine);
  // To the next thing that anybody could want to act on.
  void step(simulator::Engine& engine);

  // `observer` sees every flash operation from the first offer on. Must outlive the cycle; a copy
  // has none. Call before the first step.
  void observe_update(simulator::FlashOpObserver* observer) { observer_ = observer; }

  // Names code in events of the processor. Must outlive the cycle and its copies; call before the
  // first step.
  void name_code(std::span<const image::ElfSymbols> code) { code_ = code; }

  // The device fetches over the rig's model of TCP: said at the end.
  void models_tcp() { models_tcp_ = true; }

  // The link logs its packets; call before the first step.
  void keep_packets() { world_.keep_packets(); }

  // From now on, without waiting for an offer; the same rules. Null: no longer.
  void observe(simulator::FlashOpObserver* observer) { world_.observe(observer); }
  // What the board looks at in flash; null: no longer. A copy records nothing.
  void record_reads(simulator::FlashReads* reads) { world_.record_reads(reads); }
  // While the board has no power.
  void plant(base::ByteView flash, std::span<const simulator::FlashMark> marks = {}) {
    world_.plant(flash, marks);
  }
  void shed_memory() { world_.shed_memory(); }

  // On a copy whose world is paused with a flash operation in flight: fires the runner's trigger.
  void fire_trigger();
  // Replaces the planned cut of a copy before its trigger fires, or plans a further one in the
  // recovery.
  void replan(const record::CutPlan& cut);

  [[nodiscard]] bool finished() const { return runner_.finished(); }
  [[nodiscard]] const record::Timeline& timeline() const { return timeline_; }
  [[nodiscard]] const LandedCut& landed_cut() const { return landed_; }
  [[nodiscard]] const scenario::Runner& runner() const { return runner_; }
  [[nodiscard]] const simulator::World& world() const { return world_; }

 private:
  void begin();
  void deliver_events();
  void note_link();
  void name_place(record::Event& event) const;
  void carry_out(const std::vector<scenario::Action>& actions);
  void carry_out(const scenario::PowerOn& action);
  void carry_out(const scenario::PowerOff& action);
  void carry_out(const scenario::Offer& action);
  void carry_out(const scenario::ArmFlashOp& action);
  void carry_out(const scenario::ArmBytes& action);
  void carry_out(const scenario::ArmCode& action);
  void carry_out(const scenario::Disarm& action);
  void carry_out(const scenario::CutNow& action);
  void carry_out(const scenario::Record& action);
  void carry_out(const scenario::EnterPhase& action);

  simulator::World world_;
  scenario::Runner runner_;
  record::Timeline timeline_;
  LandedCut landed_;
  std::span<const image::ElfSymbols> code_;
  std::uint32_t code_address_ = 0;
  simulator::FlashOpObserver* observer_ = nullptr;  // used once, at the first offer
  bool begun_ = false;
  bool counting_ = false;
  bool models_tcp_ = false;
};

}  // namespace rig::board
