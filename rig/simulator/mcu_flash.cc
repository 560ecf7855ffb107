// Flash operations of the chip: started by a store or by FLASH_CR, finished at once while nothing
// else is due before their end, and otherwise in flight until it.
//
// Unicorn can only stop between basic blocks, so behind a store in flight the rest of its block
// still runs. What it writes to peripherals and flash is deferred to the end of the operation (the
// core stalls: that is when silicon would do it), and RAM as of the store is kept, for a power cut.
#include <algorithm>

#include "base/assert.h"
#include "simulator/engine.h"
#include "simulator/mcu.h"

namespace rig::simulator {

void Mcu::note_read(std::uint32_t offset, std::uint32_t bytes) const {
  if (lent_.reads != nullptr) {
    lent_.reads->read(offset, bytes);
  }
}

DmaMemory Mcu::dma_memory() { return {ram_.bytes(), flash_, lent_.reads}; }

void Mcu::flush_programs(base::Instant now) {
  if (auto event = flash_log_.flush(now)) {
    report(std::move(*event));
  }
}

FlashAnswer Mcu::store_answer(std::uint32_t offset, unsigned size, std::uint32_t value) {
  return nordic() ? nvmc_.store(offset, size, value) : controller_.store(offset, size, value);
}

void Mcu::flash_store(std::uint32_t offset, unsigned size, std::uint32_t value) {
  if (flight_) {
    deferred_.push_back({flash_address(offset), size, value});
    lent_.engine->preview_program(offset, size, value);
    return;
  }
  handle(store_answer(offset, size, value), clock_.now);
}

void Mcu::handle(const FlashAnswer& answer, base::Instant now) {
  if (const auto* start = std::get_if<FlashStart>(&answer)) {
    begin_op(*start, now);
  } else if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    flush_programs(now);
    report({.at = now,
            .lane = record::Lane::flash,
            .kind = record::EventKind::refused,
            .address = flash_address(refusal->offset),
            .value = 0,
            .text = std::string(refusal->why)});
    if (refusal->bus_error) {
      const std::uint32_t address = flash_address(refusal->offset);
      bus_error_ = BusError{address, true, pc_of(Access::store, address)};
      clock_.stop = true;
    }
  }
}

void Mcu::begin_op(const FlashStart& start, base::Instant now) {
  busy();
  progress();
  flight_ = FlashOp{.index = ++ops_,
                    .address = flash_address(start.offset),
                    .bytes = start.bytes,
                    .erase = start.erase,
                    .value = start.value,
                    .start = now,
                    .end = now + start.takes};
  if (lent_.hook != nullptr && *lent_.hook) {
    (*lent_.hook)(*flight_);
  }
  if (!start.erase && executing_ && flight_->end <= clock_.deadline && armed_ != ops_) {
    clock_.now = flight_->end;
    apply_op();
    return;
  }
  clock_.stop = true;
  ram_.freeze();
  if (start.erase) {
    lent_.engine->preview_erase(start.offset, start.bytes);
  } else {
    lent_.engine->preview_program(start.offset, start.bytes, start.value);
  }
}

// The effect, at the end of the operation.
void Mcu::apply_op() {
  const auto op = *std::exchange(flight_, std::nullopt);
  const auto offset = op.address - about_->flash.range.start;
  if (about_->flash.buffered) {
    overwritten_ = {offset, {flash_.begin() + offset, flash_.begin() + offset + op.bytes}};
  }
  if (!op.erase) {
    note_read(offset, op.bytes);
    marks_.programmed(offset, op.bytes, op.value);
    for (std::uint32_t i = 0; i < op.bytes; ++i) {
      flash_[offset + i] = static_cast<std::uint8_t>(flash_[offset + i] & op.value >> (8 * i));
    }
    if (auto event = flash_log_.program(op)) {
      report(std::move(*event));
    }
  } else {
    std::fill_n(flash_.begin() + offset, op.bytes, std::uint8_t{0xFF});
    marks_.erased(offset, op.bytes);
    if (lent_.reads != nullptr) {
      lent_.reads->erased(offset, op.bytes);
    }
    report({.at = op.end,
            .lane = record::Lane::flash,
            .kind = record::EventKind::erase,
            .address = op.address,
            .value = op.bytes,
            .text = {}});
  }
  controller_.complete();
  lent_.engine->refresh_flash(flash_, offset, op.bytes);
}

void Mcu::complete_op(base::Instant now) {
  const auto op = *flight_;
  if (op.erase) {
    flush_programs(now);
  }
  apply_op();
  clock_.now += op.end - op.start;
  busy();
  ram_.thaw();
  replay_deferred(now);
}

void Mcu::replay_deferred(base::Instant now) {
  while (!deferred_.empty() && !flight_) {
    const auto access = deferred_.front();
    deferred_.erase(deferred_.begin());
    if (about_->flash.range.contains(access.address)) {
      const auto offset = access.address - about_->flash.range.start;
      handle(store_answer(offset, access.size, access.value), now);
    } else {
      execute(access, now);
    }
  }
}

// What a torn operation does outside its own bytes, and to the state of cells.
void Mcu::tear_around(const FlashOp& op, record::TornModel torn) {
  const FlashGeometry& geometry = about_->flash;
  const FlashMarkList marks = marks_left(op, torn, geometry, flash_);
  if (const auto beside = disturbed_byte(op, torn, geometry, flash_)) {
    flash_[beside->offset] = beside->value;
  }
  if (torn.kind == record::TornKind::dropped) {
    std::copy(overwritten_.bytes.begin(), overwritten_.bytes.end(),
              flash_.begin() + overwritten_.offset);
  }
  marks_.add(marks);
}

// Power or a reset ends the operation early; the memory copies of engines no longer match.
void Mcu::tear_op(record::TornModel torn, base::Instant now) {
  const auto op = *std::exchange(flight_, std::nullopt);
  flush_programs(now);
  const auto offset = op.address - about_->flash.range.start;
  note_read(offset, op.bytes);
  tear_around(op, torn);
  tear(op, torn, std::span(flash_).subspan(offset, op.bytes));
  deferred_.clear();
  lent_.stamp = {};
  report({.at = now,
          .lane = record::Lane::flash,
          .kind = record::EventKind::torn,
          .address = op.address,
          .value = op.erase ? op.bytes : 1,
          .text = record::to_text(torn)});
  if (lent_.engine != nullptr) {
    lent_.engine->refresh_flash(flash_, offset, op.bytes);
  }
}

}  // namespace rig::simulator
