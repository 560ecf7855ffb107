#include "simulator/engine.h"

#include <cstring>
#include <random>
#include <string>

#include "base/assert.h"
#include "base/rig_error.h"
#include "simulator/fault_location.h"
#include "simulator/mcu.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kPeripheralBase = 0x40000000;
constexpr std::uint32_t kPeripheralSize = 0x28000;
constexpr std::uint32_t kSystemSpace = 0xE000E000;
constexpr std::uint32_t kIdentityPage = 0x1FFF7000;
constexpr std::uint64_t kNowhere = 0xFFFFFFFF;  // an address no code reaches: run without end

// Numbers of the "interrupts" that QEMU's M-profile model reports.
constexpr std::uint32_t kInterruptSvc = 2;
constexpr std::uint32_t kInterruptBreakpoint = 7;
constexpr std::uint32_t kInterruptExceptionExit = 8;

void check(uc_err error, const char* attempt) {
  if (error != UC_ERR_OK) {
    throw base::RigError(std::make_error_code(std::errc::not_supported),
                         std::string(attempt) + ": " + uc_strerror(error));
  }
}

uc_engine* opened() {
  uc_engine* engine = nullptr;
  check(uc_open(UC_ARCH_ARM, static_cast<uc_mode>(UC_MODE_THUMB | UC_MODE_MCLASS), &engine),
        "start Unicorn");
  return engine;
}

std::uint64_t engine_name() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device() | 1;
}

}  // namespace

Engine::Memory Engine::allocate(std::uint32_t size) {
  Memory memory(static_cast<std::uint8_t*>(std::aligned_alloc(kPage, size)));
  RIG_ASSERT(memory != nullptr);
  std::memset(memory.get(), 0xFF, size);
  return memory;
}

Engine::Engine()
    : flash_(allocate(kFlashSize)),
      ram_(allocate(kRamSize)),
      uc_(opened()),
      stamp_{engine_name(), 0} {
  map_memory();
  map_peripherals();
  add_hooks();
}

void Engine::map_memory() {
  constexpr std::uint32_t kReadExecute = UC_PROT_READ | UC_PROT_EXEC;
  check(uc_mem_map_ptr(uc_.get(), kFlashBase, kFlashSize, kReadExecute, flash_.get()), "map flash");
  // With BOOT0 low the flash is seen at zero as well (RM0033 2.4); code never runs there.
  check(uc_mem_map_ptr(uc_.get(), 0, kFlashSize, UC_PROT_READ, flash_.get()), "map boot alias");
  check(uc_mem_map_ptr(uc_.get(), kRamBase, kRamSize, UC_PROT_ALL, ram_.get()), "map RAM");
}

template <std::uint32_t Base>
std::uint64_t Engine::on_read(uc_engine*, std::uint64_t offset, unsigned size, void* self) {
  auto& engine = *static_cast<Engine*>(self);
  engine.apply_corrections();
  return engine.mcu_->read(Base + static_cast<std::uint32_t>(offset), size);
}

template <std::uint32_t Base>
void Engine::on_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                      void* self) {
  auto& engine = *static_cast<Engine*>(self);
  engine.apply_corrections();
  engine.mcu_->write(Base + static_cast<std::uint32_t>(offset), size,
                     static_cast<std::uint32_t>(value));
}

template <std::uint32_t Base>
void Engine::map_region(std::uint32_t size) {
  check(uc_mmio_map(uc_.get(), Base, size, &on_read<Base>, this, &on_write<Base>, this),
        "map peripherals");
}

void Engine::map_peripherals() {
  map_region<kPeripheralBase>(kPeripheralSize);
  map_region<kSystemSpace>(kPage);
  map_region<kIdentityPage>(kPage);
}

void Engine::add_hooks() {
  const auto add = [this](int kind, void* callback) {
    uc_hook hook{};
    check(uc_hook_add(uc_.get(), &hook, kind, callback, this, 1, 0), "add a hook");
  };
  add(UC_HOOK_BLOCK, reinterpret_cast<void*>(&on_block));
  add(UC_HOOK_MEM_WRITE_PROT, reinterpret_cast<void*>(&on_flash_store));
  add(UC_HOOK_MEM_INVALID & ~UC_HOOK_MEM_WRITE_PROT, reinterpret_cast<void*>(&on_invalid));
  add(UC_HOOK_INTR, reinterpret_cast<void*>(&on_interrupt));
}

void Engine::drop_code(std::uint32_t address) {
  check(uc_ctl_remove_cache(uc_.get(), address, address + kPage), "drop translated code");
}

void Engine::sync_page(std::uint8_t* mine, const std::uint8_t* truth, std::uint32_t address) {
  if (std::memcmp(mine, truth, kPage) == 0) {
    return;
  }
  std::memcpy(mine, truth, kPage);
  auto& code = address >= kRamBase ? ram_code_[(address - kRamBase) / kPage]
                                   : flash_code_[(address - kFlashBase) / kPage];
  if (code != 0) {
    drop_code(address);
    code = 0;
  }
}

EngineStamp Engine::attach(base::ByteView flash, base::ByteView ram, EngineStamp known) {
  RIG_ASSERT(flash.size() == kFlashSize && ram.size() == kRamSize);
  if (known == stamp_) {
    return stamp_;
  }
  for (std::uint32_t at = 0; at < kFlashSize; at += kPage) {
    sync_page(flash_.get() + at, flash.data() + at, kFlashBase + at);
  }
  for (std::uint32_t at = 0; at < kRamSize; at += kPage) {
    sync_page(ram_.get() + at, ram.data() + at, kRamBase + at);
  }
  ++stamp_.count;
  return stamp_;
}

void Engine::refresh_flash(base::ByteView truth, std::uint32_t offset, std::uint32_t length) {
  std::memcpy(flash_.get() + offset, truth.data() + offset, length);
  for (std::uint32_t page = offset / kPage; page <= (offset + length - 1) / kPage; ++page) {
    if (flash_code_[page] != 0) {
      drop_code(kFlashBase + page * kPage);
      flash_code_[page] = 0;
    }
  }
}

void Engine::code_changed(std::uint32_t offset) {
  auto& code = flash_code_[offset / kPage];
  if (code != 0) {
    code = 0;
    stale_code_.push_back(kFlashBase + offset / kPage * kPage);
    clock_->stop = true;
  }
}

void Engine::apply_corrections() {
  if (corrections_.empty()) [[likely]] {
    return;
  }
  for (const auto offset : corrections_) {
    std::memcpy(flash_.get() + offset, mcu_->flash().data() + offset, 4);
  }
  corrections_.clear();
}

Engine::Masks Engine::masks() const {
  Masks masks;
  uc_reg_read(uc_.get(), UC_ARM_REG_PRIMASK, &masks.primask);
  uc_reg_read(uc_.get(), UC_ARM_REG_BASEPRI, &masks.basepri);
  uc_reg_read(uc_.get(), UC_ARM_REG_FAULTMASK, &masks.faultmask);
  return masks;
}

bool Engine::masks_changed() const {
  const auto now = masks();
  return now.primask != watched_.primask || now.basepri != watched_.basepri ||
         now.faultmask != watched_.faultmask;
}

void Engine::begin_block(std::uint64_t address, std::uint32_t size) {
  apply_corrections();
  auto& clock = *clock_;
  clock.now += clock.pending;
  clock.pending = {};
  if (clock.stop || clock.now >= clock.deadline || (clock.watch_masks && masks_changed())) {
    stopped_ = true;
    uc_emu_stop(uc_.get());
    return;
  }
  clock.pending = kTimePerHalfWord * (size / 2);
  block_ = static_cast<std::uint32_t>(address);
  block_size_ = size;
  const std::uint32_t last = block_ + size - 1;
  if (block_ - kFlashBase < kFlashSize) [[likely]] {
    flash_code_[(block_ - kFlashBase) / kPage] = 1;
    flash_code_[((last - kFlashBase) / kPage) % flash_code_.size()] = 1;
  } else if (block_ - kRamBase < kRamSize) {
    ram_code_[(block_ - kRamBase) / kPage] = 1;
    ram_code_[((last - kRamBase) / kPage) % ram_code_.size()] = 1;
  }
}

void Engine::on_block(uc_engine*, std::uint64_t address, std::uint32_t size, void* self) {
  static_cast<Engine*>(self)->begin_block(address, size);
}

bool Engine::on_flash_store(uc_engine*, uc_mem_type, std::uint64_t address, int size,
                            std::int64_t value, void* self) {
  auto& engine = *static_cast<Engine*>(self);
  engine.apply_corrections();
  const auto at = static_cast<std::uint32_t>(address);
  const auto offset = at >= kFlashBase ? at - kFlashBase : at;
  if (size == 8) {
    engine.mcu_->flash_store(offset, 4, static_cast<std::uint32_t>(value));
    engine.mcu_->flash_store(offset + 4, 4, static_cast<std::uint32_t>(value >> 32));
  } else {
    engine.mcu_->flash_store(offset, static_cast<unsigned>(size),
                             static_cast<std::uint32_t>(value));
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
  static_cast<Engine*>(self)->event_ = Stop{reason, static_cast<std::uint32_t>(address)};
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

std::uint16_t Engine::half_word_at(std::uint32_t address) const {
  std::uint16_t half = 0;
  uc_mem_read(uc_.get(), address, &half, sizeof half);
  return half;
}

// Unicorn reports WFE as an invalid instruction with the PC behind it.
Stop Engine::classify(uc_err error, CpuRegisters& registers) {
  constexpr std::uint16_t kWaitForEvent = 0xBF20;
  if (event_) {
    const Stop stop = *event_;
    if (stop.reason == StopReason::read_fault || stop.reason == StopReason::write_fault) {
      const auto access = stop.reason == StopReason::read_fault ? Access::load : Access::store;
      const CodeBlock code{block_, block_size_};
      registers.pc =
          fault_location(code, registers, {access, stop.address},
                         [this](std::uint32_t address) { return half_word_at(address); });
    }
    return stop;
  }
  if (stopped_) {
    return {StopReason::asked, 0};
  }
  if (error == UC_ERR_OK) {
    return {StopReason::wait_for_interrupt, 0};
  }
  if (error == UC_ERR_INSN_INVALID && half_word_at(registers.pc - 2) == kWaitForEvent &&
      registers.pc != block_) {
    return {StopReason::wait_for_event, 0};
  }
  return {StopReason::undefined_instruction, registers.pc};
}

Stop Engine::run(Mcu& mcu, CpuRegisters& registers, CpuClock& clock) {
  mcu_ = &mcu;
  clock_ = &clock;
  watched_ = {registers.primask, registers.basepri, registers.faultmask};
  stopped_ = false;
  event_.reset();
  load(registers);
  const uc_err error = uc_emu_start(uc_.get(), registers.pc | 1U, kNowhere, 0, 0);
  apply_corrections();
  clock.now += clock.pending;
  clock.pending = {};
  store(registers);
  for (const auto page : stale_code_) {
    drop_code(page);
  }
  stale_code_.clear();
  const Stop stop = classify(error, registers);
  mcu_ = nullptr;
  clock_ = nullptr;
  return stop;
}

}  // namespace rig::simulator
