// The whole simulated bench of one cycle: board, modem with its SIM and network, link, update
// server, external watchdog, clock. One copyable value: a copy continues exactly as the original
// does, with any engine. Discrete events in virtual time; nothing here knows a wall clock.
//
// What happens is recorded as timeline events (record/event.h, lanes power, console, cpu, flash,
// modem, link, server), in order of time; take_events() hands them over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "record/cut_plan.h"
#include "record/event.h"
#include "simulator/flash_op.h"
#include "simulator/mcu.h"
#include "simulator/supervisor.h"
#include "simulator/surroundings.h"

namespace rig::simulator {

struct BoardSettings {
  // A dip shorter than this keeps RAM (and is a brown-out reset).
  base::Duration hold_up{std::chrono::milliseconds(20)};
  bool vbat{false};  // the backup registers have their own supply
  std::uint64_t seed{};
  std::optional<Supervisor> supervisor{};
  const McuDescription* mcu{&stm32f205()};  // outlives every world that is made with it
};

// Why run() returned.
enum class Pause : std::uint8_t {
  until,    // the clock is there
  events,   // a console line, power, cpu reset or fault, or server event is pending
  trigger,  // what was armed has come
};

class World;

class FlashOpObserver {
 public:
  virtual ~FlashOpObserver() = default;
  // Before the effect of every flash operation. A copy of `world` is paused with the operation in
  // flight: cut() works on it, and until then run() does not.
  virtual void at(const FlashOp& op, const World& world) = 0;
};

class World {
 public:
  // `flash`: all of the chip's. Everything is without power.
  World(BoardSettings settings, base::Bytes flash, Surroundings around);

  [[nodiscard]] base::Instant now() const { return clock_; }
  // At now(); domains that already are in that state are left alone.
  void set_power(record::Domains which, bool on);
  [[nodiscard]] record::Domains powered() const { return {board_on_, modem_on_}; }
  void set_target(ota::Target target);

  // The phase of the update, for the link.
  void set_phase(const std::string& phase);
  // The link logs its packets.
  void keep_packets() { around_.keep_packets(); }
  [[nodiscard]] const link::ShapedLink& link() const { return around_.link(); }

  // Flash operations and wire bytes of the triggers count from here.
  void count_from_here();
  // run() returns Pause::trigger with this operation (1..) in flight.
  void arm_flash_op(std::uint64_t op, record::OpMoment moment);
  // run() returns Pause::trigger when so many wire bytes were delivered.
  void arm_bytes(base::Direction direction, std::uint64_t bytes);
  // run() returns Pause::trigger before the code at `address` (a function, or any other place that
  // is branched to) runs for the n-th time.
  void arm_code(std::uint32_t address, std::uint64_t hits);
  void disarm();
  // Takes the power away. With an operation in flight at its start (an armed operation, or a copy
  // made by an observer) the instant is what flash_op.h says for `torn`; otherwise it is now(). An
  // operation armed `before` stays undone, one armed `after` is finished, whatever `torn` says.
  void cut(record::Domains which, record::TornModel torn);

  [[nodiscard]] Pause run(Engine& engine, base::Instant until);
  [[nodiscard]] std::vector<record::Event> take_events();

  [[nodiscard]] std::uint64_t flash_ops() const { return mcu_.flash_ops(); }
  [[nodiscard]] std::optional<FlashOp> op_in_flight() const { return mcu_.op_in_flight(); }
  [[nodiscard]] std::uint64_t delivered_bytes(base::Direction direction) const {
    return around_.delivered_bytes(direction);
  }
  // While an operation is in flight: without its effect.
  [[nodiscard]] base::ByteView flash() const { return mcu_.flash(); }
  // Replaces the flash contents; only while the board is off.
  void plant(base::ByteView image, std::span<const FlashMark> marks = {});
  [[nodiscard]] const Mcu& mcu() const { return mcu_; }
  // See Mcu::shed_memory().
  void shed_memory() { mcu_.shed_memory(); }
  // Nothing but the board takes part, and nothing is under way: no modem is powered, no timer of
  // the surroundings runs.
  [[nodiscard]] bool board_alone() const { return !modem_on_ && !around_.wake_time(); }

  [[nodiscard]] const Surroundings& around() const { return around_; }
  // Nothing outside the chip has anything to do up to `until`, and the chip is quiet: a loss of
  // power now or at any instant until then leaves the same around it.
  [[nodiscard]] bool quiet_until(base::Instant until) const;

  // Null: none. Must outlive its use; a copy of the world has none.
  void observe(FlashOpObserver* observer) { observer_.pointer = observer; }
  // What the chip looks at in flash from now on; the same rules. Engines must see loads.
  void record_reads(FlashReads* reads) { mcu_.record_reads(reads); }

 private:
  struct ObserverPointer {
    FlashOpObserver* pointer{};
    ObserverPointer() = default;
    ObserverPointer(const ObserverPointer&) {}
    ObserverPointer& operator=(const ObserverPointer&) {
      pointer = nullptr;
      return *this;
    }
    ~ObserverPointer() = default;
  };
  struct BytesArmed {
    base::Direction direction{};
    std::uint64_t bytes{};
  };

  // world.cc
  void switch_power(record::Domains which, bool on, std::string_view why);
  void board_off(record::TornModel torn);
  void board_on();
  void power_event(record::Domains which, bool on, std::string_view why);
  [[nodiscard]] bool triggered() const;

  // world_run.cc
  [[nodiscard]] base::Instant next_event(base::Instant until) const;
  void step(Engine& engine, base::Instant until, const FlashHook& hook);
  void advance_idle(base::Instant until);
  void process_due();
  void process_supervisor();
  [[nodiscard]] bool anything_due() const;

  // world_outputs.cc
  void collect();
  void collect_mcu();
  void collect_surroundings();
  void record(record::Event event);
  void drive_modem(const PinEdge& edge);

  BoardSettings settings_;
  Mcu mcu_;
  Surroundings around_;
  SupervisorTimer supervisor_;
  base::Instant clock_{};
  std::vector<record::Event> events_;
  bool noteworthy_{false};

  bool board_on_{false};
  bool modem_on_{false};
  bool clear_to_send_{true};
  std::optional<base::Instant> board_off_since_;

  std::uint64_t armed_op_{0};
  record::OpMoment armed_moment_{record::OpMoment::during};
  std::optional<BytesArmed> armed_bytes_;
  ObserverPointer observer_;
};

}  // namespace rig::simulator
