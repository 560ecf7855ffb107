#include "simulator/world.h"

#include <algorithm>
#include <string>

#include "base/assert.h"
#include "base/random.h"

namespace rig::simulator {

World::World(BoardSettings settings, base::Bytes flash, Surroundings around)
    : settings_(settings),
      mcu_(std::move(flash), settings.seed, *settings.mcu),
      around_(std::move(around)),
      supervisor_(settings.supervisor) {}

void World::plant(base::ByteView image, std::span<const FlashMark> marks) {
  RIG_ASSERT(!board_on_);
  mcu_.plant(image, marks);
}

void World::set_target(ota::Target target) {
  around_.set_target(std::move(target), clock_);
  collect();
}

void World::set_phase(const std::string& phase) {
  around_.set_phase(phase, clock_);
  collect();
}

void World::count_from_here() {
  mcu_.count_ops_from_here();
  around_.count_from_here();
}

void World::arm_flash_op(std::uint64_t op, record::OpMoment moment) {
  armed_op_ = op;
  armed_moment_ = moment;
  mcu_.arm(op);
}

void World::arm_bytes(base::Direction direction, std::uint64_t bytes) {
  armed_bytes_ = BytesArmed{direction, bytes};
}

void World::arm_code(std::uint32_t address, std::uint64_t hits) { mcu_.arm_code(address, hits); }

void World::disarm() {
  mcu_.arm_code(0, 0);
  armed_op_ = 0;
  armed_moment_ = record::OpMoment::during;
  armed_bytes_.reset();
  mcu_.arm(0);
}

bool World::triggered() const {
  const auto& op = mcu_.op_in_flight();
  const bool op_reached = armed_op_ != 0 && op && op->index == armed_op_;
  return op_reached || mcu_.code_reached() ||
         (armed_bytes_ && around_.delivered_bytes(armed_bytes_->direction) >= armed_bytes_->bytes);
}

bool World::quiet_until(base::Instant until) const {
  const auto idle = [until](std::optional<base::Instant> at) { return !at || *at > until; };
  return mcu_.quiet(clock_) && idle(around_.wake_time()) && idle(supervisor_.expiry());
}

void World::power_event(record::Domains which, bool on, std::string_view why) {
  record({.at = clock_,
          .lane = record::Lane::power,
          .kind = on ? record::EventKind::on : record::EventKind::off,
          .address = 0,
          .value = 0,
          .text = record::to_text(which) + std::string(why)});
}

// Bytes that the modem is sending to a dead board are lost; its pins float to their idle level.
void World::board_off(record::TornModel torn) {
  mcu_.detach();
  mcu_.power_off(torn, clock_);
  board_on_ = false;
  board_off_since_ = clock_;
}

void World::board_on() {
  const auto off_for = board_off_since_ ? clock_ - *board_off_since_ : base::Duration::max();
  const bool dip = off_for < settings_.hold_up;
  // The same garbage each time: what is in RAM then does not count the losses of power before.
  const auto seed = base::derived_seed(settings_.seed, "ram");
  board_on_ = true;
  mcu_.power_on({.memory_kept = dip,
                 .backup_kept = board_off_since_ && (dip || settings_.vbat),
                 .garbage_seed = seed},
                clock_);
  mcu_.set_clear_to_send(clear_to_send_, clock_);
  supervisor_.board_on(clock_);
}

void World::switch_power(record::Domains which, bool on, std::string_view why) {
  const record::Domains changes{.board = which.board && board_on_ != on,
                                .modem = which.modem && modem_on_ != on};
  if (!changes.board && !changes.modem) {
    return;
  }
  if (changes.board && !on) {
    const auto& op = mcu_.op_in_flight();
    board_off(op ? elapsed_model(*op, clock_) : record::TornModel{});
    collect();
  }
  power_event(changes, on, why);
  if (changes.modem) {
    modem_on_ = on;
    around_.set_supply(on, clock_);
  }
  if (changes.board && on) {
    board_on();
  }
  collect();
}

void World::set_power(record::Domains which, bool on) {
  collect();
  if (which.board && !on) {
    supervisor_.board_off();
  }
  switch_power(which, on, "");
}

// From the start of the operation the world goes on without its processor, which is stalled, up to
// the instant of the cut; the operation itself must not end on the way.
void World::cut(record::Domains which, record::TornModel torn) {
  collect();
  const auto op = mcu_.op_in_flight();
  if (op && op->index == armed_op_ && armed_moment_ != record::OpMoment::during) {
    torn.kind = armed_moment_ == record::OpMoment::before ? record::TornKind::old_state
                                                          : record::TornKind::new_state;
    torn.amount = 0;
  }
  if (op && which.board && clock_ == op->start) {
    const auto instant = cut_instant(*op, torn);
    advance_idle(std::min(instant, op->end - base::Duration(1)));
    clock_ = std::max(clock_, instant);
  }
  disarm();
  if (which.board) {
    supervisor_.board_off();
  }
  if (which.board && board_on_ && mcu_.op_in_flight()) {
    const record::Domains off{.board = true, .modem = which.modem && modem_on_};
    board_off(torn);
    collect();
    power_event(off, false, "");
    if (off.modem) {
      modem_on_ = false;
      around_.set_supply(false, clock_);
    }
    collect();
    return;
  }
  switch_power(which, false, "");
}

std::vector<record::Event> World::take_events() {
  collect();
  noteworthy_ = false;
  return std::exchange(events_, {});
}

}  // namespace rig::simulator
