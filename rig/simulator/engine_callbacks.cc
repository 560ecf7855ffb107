// What Unicorn calls while it runs.
#include <algorithm>
#include <utility>

#include "simulator/engine.h"
#include "simulator/flash_reads.h"
#include "simulator/mcu.h"
#include "simulator/unicorn_check.h"
#include "simulator/unicorn_loads.h"

namespace rig::simulator {
namespace {

// Numbers of the "interrupts" that QEMU's M-profile model reports.
constexpr std::uint32_t kInterruptSvc = 2;
constexpr std::uint32_t kInterruptBreakpoint = 7;
constexpr std::uint32_t kInterruptExceptionExit = 8;

constexpr std::uint16_t kBranchToItself = 0xE7FE;

// So often a block that takes `step` begins before the deadline.
std::int64_t passes(const CpuClock& clock, base::Duration step) {
  return std::max<std::int64_t>(1, (clock.deadline - clock.now - base::Duration(1)) / step + 1);
}

// For as long as it lives, the chip's clock is up to date.
class Surfaced {
 public:
  explicit Surfaced(BlockPace& pace) : pace_(pace) { pace_.surface(); }
  ~Surfaced() { pace_.dive(); }
  Surfaced(const Surfaced&) = delete;
  Surfaced& operator=(const Surfaced&) = delete;

 private:
  BlockPace& pace_;
};

}  // namespace

std::uint64_t Engine::on_read(uc_engine*, std::uint64_t offset, unsigned size, void* window) {
  const auto& [engine, start] = *static_cast<const Window*>(window);
  const Surfaced surfaced(engine->pace_);
  return engine->mcu_->read(start + static_cast<std::uint32_t>(offset), size);
}

void Engine::on_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                      void* window) {
  const auto& [engine, start] = *static_cast<const Window*>(window);
  const Surfaced surfaced(engine->pace_);
  engine->mcu_->write(start + static_cast<std::uint32_t>(offset), size,
                      static_cast<std::uint32_t>(value));
}

void Engine::map_window(Bank& to, std::uint32_t start, std::uint32_t size) {
  to.windows.push_back(std::make_unique<Window>(Window{this, start}));
  void* window = to.windows.back().get();
  check_unicorn(uc_mmio_map(to.uc.get(), start, size, &on_read, window, &on_write, window),
                "map peripherals");
}

void Engine::map_peripherals(Bank& to) {
  for (const MemoryRange& window : kWindows) map_window(to, window.start, window.size);
  for (const std::uint32_t page : lone_pages_) map_window(to, page, kPage);
}

void Engine::add_hooks(Bank& to) {
  const auto add = [this, &to](int kind, void* callback) {
    uc_hook hook{};
    check_unicorn(uc_hook_add(to.uc.get(), &hook, kind, callback, this, 1, 0), "add a hook");
  };
  add(UC_HOOK_BLOCK, reinterpret_cast<void*>(&on_block));
  add(UC_HOOK_MEM_WRITE_PROT, reinterpret_cast<void*>(&on_flash_store));
  add(UC_HOOK_MEM_INVALID & ~UC_HOOK_MEM_WRITE_PROT, reinterpret_cast<void*>(&on_invalid));
  add(UC_HOOK_INTR, reinterpret_cast<void*>(&on_interrupt));
}

bool Engine::must_stop() const {
  const auto& clock = *clock_;
  return clock.stop || clock.now >= clock.deadline || (clock.watch_masks && masks() != watched_);
}

// Whether the code of the page at `address` may run; otherwise it is asked for. A RAM page is
// compared every time, because stores into RAM are not seen.
bool Engine::has_code(std::uint32_t address) {
  const bool in_flash = flash_.contains(address);
  if (!in_flash && !ram_.contains(address)) {
    return true;  // no memory there: the fetch faults
  }
  const auto page =
      in_flash ? (address - flash_.start) / kPage : flash_pages() + (address - ram_.start) / kPage;
  const bool current = bank().code.state(page) == CodePages::State::current;
  if (current && (in_flash || bank().code.matches(page, page_memory(bank(), page)))) [[likely]] {
    return true;
  }
  missing_page_ = page;
  return false;
}

bool Engine::may_run(Block block) {
  const auto page = block.start & ~(kPage - 1);
  const auto last = (block.start + block.size - 1) & ~(kPage - 1);
  return has_code(block.start) && (page == last || has_code(last));
}

// Millions of times a second: what was asked once is not asked again. A size of 0 says that the
// block has entered itself, which it may not have been allowed to (unicorn_blocks.cc).
void Engine::on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self) {
  auto& engine = *static_cast<Engine*>(self);
  Block block{static_cast<std::uint32_t>(address), size};
  if (size == 0) {
    block.size = engine.pace_.bytes();
    engine.pace_.leave();
  } else if (engine.pace_.goes_on() && engine.settled_.has(block.start, size)) [[likely]] {
    engine.pace_.enter(block.start, size);
    return;
  }
  engine.look_at(block);
}

// Apart, so that the way above needs no registers saved.
[[gnu::noinline]] void Engine::look_at(Block block) {
  const Surfaced surfaced(pace_);
  clock_->now += std::exchange(clock_->pending, {});
  if (must_stop()) {
    stopped_ = true;
  } else if (may_run(block)) {
    stopped_ = mcu_->reaches(block.start);
    if (!stopped_) {
      enter(block);
      return;
    }
  }
  uc_emu_stop(bank().uc.get());
}

void Engine::enter(Block block) {
  clock_->pending = kTimePerHalfWord * (block.size / 2);
  // Where it branches to itself nothing changes from one pass to the next: they are one.
  const bool endless = block.size == 2 && half_word_at(block.start) == kBranchToItself;
  const bool waited_for = mcu_->waits_for(block.start);
  if (endless && block.start == endless_ && !waited_for) {
    clock_->pending *= passes(*clock_, clock_->pending);
  }
  endless_ = endless ? block.start : 0;
  if (flash_.contains(block.start)) {
    if (reads_ != nullptr) reads_->read(block.start - flash_.start, block.size);
    if (!endless && !waited_for) settled_.add(block.start, block.size);
  }
  pace_.enter(block.start, 0);  // what it costs is pending
}

bool Engine::on_flash_store(uc_engine*, uc_mem_type, std::uint64_t address, int size,
                            std::int64_t value, void* self) {
  auto& engine = *static_cast<Engine*>(self);
  auto& mcu = *engine.mcu_;
  const Surfaced surfaced(engine.pace_);
  const auto at = static_cast<std::uint32_t>(address);
  const auto offset = engine.flash_.contains(at) ? at - engine.flash_.start : at;
  if (size == 8) {
    mcu.flash_store(offset, 4, static_cast<std::uint32_t>(value));
    mcu.flash_store(offset + 4, 4, static_cast<std::uint32_t>(value >> 32));
  } else {
    mcu.flash_store(offset, static_cast<unsigned>(size), static_cast<std::uint32_t>(value));
  }
  return true;
}

bool Engine::on_invalid(uc_engine*, uc_mem_type type, std::uint64_t address, int, std::int64_t,
                        void* self) {
  auto reason = StopReason::read_fault;
  if (type == UC_MEM_WRITE_UNMAPPED || type == UC_MEM_WRITE_PROT) {
    reason = StopReason::write_fault;
  } else if (type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT) {
    reason = StopReason::fetch_fault;
  }
  auto at = static_cast<std::uint32_t>(address);
  if (at == kUnreadableLoad) at = take_unreadable().value_or(at);
  static_cast<Engine*>(self)->event_ = Stop{reason, at};
  return false;
}

void Engine::on_interrupt(uc_engine* uc, std::uint32_t number, void* self) {
  auto reason = StopReason::undefined_instruction;
  if (number == kInterruptSvc) {
    reason = StopReason::supervisor_call;
  } else if (number == kInterruptBreakpoint) {
    reason = StopReason::breakpoint;
  } else if (number == kInterruptExceptionExit) {
    reason = StopReason::exception_return;
  }
  static_cast<Engine*>(self)->event_ = Stop{reason, 0};
  uc_emu_stop(uc);
}

}  // namespace rig::simulator
