#include "simulator/engine.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "base/assert.h"
#include "simulator/fault_location.h"
#include "simulator/flash_reads.h"
#include "simulator/mcu.h"
#include "simulator/unicorn_blocks.h"
#include "simulator/unicorn_loads.h"

namespace rig::simulator {
namespace {

constexpr std::uint64_t kNowhere = 0xFFFFFFFF;  // an address no code reaches: run without end

// Pages with stubs that no window has (map_peripherals()).
std::vector<std::uint32_t> lone_pages_of(const McuDescription& mcu) {
  std::vector<std::uint32_t> pages;
  for (const Stub& stub : mcu.stubs) {
    for (std::uint64_t at = stub.range.start; at < stub.range.end(); at += 4) {
      const auto page = static_cast<std::uint32_t>(at) & ~(CodePages::kPage - 1);
      if (!in_window(page) && std::ranges::find(pages, page) == pages.end()) pages.push_back(page);
    }
  }
  return pages;
}

std::uint64_t engine_name() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device() | 1;
}

}  // namespace

Engine::Engine(Loads loads, Blocks blocks)
    : loads_(loads), blocks_(blocks), stamp_{engine_name(), 0} {
  RIG_ASSERT(loads == Loads::direct || loads_can_be_seen());
  take_shape(stm32f205());
}

Engine::~Engine() = default;

void Engine::take_shape(const McuDescription& mcu) {
  auto lone = lone_pages_of(mcu);
  if (!banks_.empty() && flash_ == mcu.flash.range && ram_ == mcu.ram && lone == lone_pages_) {
    return;
  }
  flash_ = mcu.flash.range;
  ram_ = mcu.ram;
  lone_pages_ = std::move(lone);
  begin_anew();
}

void Engine::begin_anew() {
  banks_.clear();
  current_ = 0;
  missing_page_.reset();
  ++stamp_.count;
  worlds_ = 0;
  settled_ = SettledBlocks(flash_, kPage);
  add_bank();
}

void Engine::see_all_loads() {
  if (loads_ == Loads::seen) return;
  RIG_ASSERT(loads_can_be_seen());
  loads_ = Loads::seen;
  begin_anew();  // the pages there are may be read without asking
}

std::span<std::uint8_t> Engine::ram() { return {bank().ram.get(), ram_.size}; }

std::uint8_t* Engine::page_memory(Bank& of, std::uint32_t page) const {
  return page < flash_pages() ? of.flash.get() + page * kPage
                              : of.ram.get() + (page - flash_pages()) * kPage;
}

// The current bank's page gets other contents now; the other banks' pages are out of date.
void Engine::change_page(std::uint32_t page) {
  bank().code.will_change(page, page_memory(bank(), page));
  if (page >= flash_pages()) {
    return;
  }
  settled_.forget_page(page);
  for (std::size_t i = 0; i < banks_.size(); ++i) {
    if (i != current_) {
      banks_[i]->behind.set(page);
    }
  }
}

void Engine::copy_if_different(std::uint32_t page, const std::uint8_t* truth) {
  auto* mine = page_memory(bank(), page);
  if (std::memcmp(mine, truth, kPage) != 0) {
    change_page(page);
    std::memcpy(mine, truth, kPage);
  }
}

EngineStamp Engine::attach(base::ByteView flash, base::ByteView ram, EngineStamp known) {
  RIG_ASSERT(flash.size() == flash_.size && ram.size() == ram_.size);
  if (known == stamp_) {
    return stamp_;
  }
  // Unicorn 2.0.1 writes to a null pointer while it translates, seen behind some 7,400 recoveries
  // of one instance; what fills up in there is not known.
  if (++worlds_ > kMostWorlds) begin_anew();
  for (std::uint32_t page = 0; page < flash_pages(); ++page) {
    copy_if_different(page, flash.data() + page * kPage);
  }
  std::memcpy(bank().ram.get(), ram.data(), ram_.size);
  expect_other_code();
  ++stamp_.count;
  return stamp_;
}

void Engine::refresh_flash(base::ByteView truth, std::uint32_t offset, std::uint32_t length) {
  for (std::uint32_t page = offset / kPage; page <= (offset + length - 1) / kPage; ++page) {
    change_page(page);
  }
  std::memcpy(bank().flash.get() + offset, truth.data() + offset, length);
}

void Engine::preview_program(std::uint32_t offset, unsigned size, std::uint32_t value) {
  auto* flash = bank().flash.get() + offset;
  change_page(offset / kPage);
  for (unsigned i = 0; i < size; ++i) {
    flash[i] = static_cast<std::uint8_t>(flash[i] & value >> (8 * i));
  }
}

void Engine::preview_erase(std::uint32_t offset, std::uint32_t length) {
  for (std::uint32_t page = offset / kPage; page <= (offset + length - 1) / kPage; ++page) {
    change_page(page);
  }
  std::memset(bank().flash.get() + offset, 0xFF, length);
}

std::uint32_t Engine::location_of(FaultingAccess access) {
  CpuRegisters registers;
  store(registers);
  return fault_location({pace_.start(), pace_.bytes()}, registers, access,
                        [this](std::uint32_t address) { return half_word_at(address); });
}

std::uint16_t Engine::half_word_at(std::uint32_t address) const {
  std::uint16_t half = 0;
  uc_mem_read(bank().uc.get(), address, &half, sizeof half);
  return half;
}

// Unicorn reports WFE as an invalid instruction with the PC behind it.
Stop Engine::classify(uc_err error, CpuRegisters& registers) const {
  constexpr std::uint16_t kWaitForEvent = 0xBF20;
  if (event_) {
    const Stop stop = *event_;
    if (stop.reason == StopReason::read_fault || stop.reason == StopReason::write_fault) {
      const auto access = stop.reason == StopReason::read_fault ? Access::load : Access::store;
      registers.pc =
          fault_location({pace_.start(), pace_.bytes()}, registers, {access, stop.address},
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
  if (error == UC_ERR_INSN_INVALID && registers.pc != pace_.start() &&
      half_word_at(registers.pc - 2) == kWaitForEvent) {
    return {StopReason::wait_for_event, 0};
  }
  return {StopReason::undefined_instruction, registers.pc};
}

// Before anything that makes Unicorn look up a page: what it then remembers, it may read by itself
// from there on.
void Engine::hide_flash() {
  if (loads_ == Loads::seen) {
    see_loads({flash_.start, {bank().flash.get(), flash_.size}},
              {.reads = reads_,
               .marks = mcu_->marks(),
               .raises_nmi = mcu_->about().flash.ecc == EccFault::nmi,
               .pace = &pace_});
  }
}

void Engine::execute(std::uint32_t from, uc_err& error) {
  hide_flash();  // of the bank that runs
  const BlockWatch watch{.callback = reinterpret_cast<void*>(&on_block),
                         .unicorn = bank().uc.get(),
                         .data = this,
                         .pace = &pace_,
                         .settled = &settled_};
  enter_blocks_inline(blocks_ == Blocks::enter ? &watch : nullptr);
  error = uc_emu_start(bank().uc.get(), from | 1U, kNowhere, 0, 0);
  enter_blocks_inline(nullptr);
}

Stop Engine::run(Mcu& mcu, CpuRegisters& registers, CpuClock& clock) {
  mcu_ = &mcu;
  clock_ = &clock;
  reads_ = mcu.reads();
  RIG_ASSERT((reads_ == nullptr && mcu.marks() == nullptr) || loads_ == Loads::seen);
  settled_.forget(mcu.waited_for());
  if (const auto recording = reads_ == nullptr ? 0 : reads_->recording(); recording != recording_) {
    settled_.forget_all();
    recording_ = recording;
  }
  watched_ = {registers.primask, registers.basepri, registers.faultmask};
  auto error = UC_ERR_OK;
  hide_flash();
  do {
    stopped_ = false;
    event_.reset();
    if (missing_page_) {
      provide_code(*std::exchange(missing_page_, std::nullopt));
    }
    load(registers);
    pace_.begin(clock);
    endless_ = 0;
    execute(registers.pc, error);
    pace_.surface();
    clock.now += std::exchange(clock.pending, {});
    store(registers);
  } while (missing_page_);
  see_loads_no_more();
  const Stop stop = classify(error, registers);
  mcu_ = nullptr;
  clock_ = nullptr;
  reads_ = nullptr;
  return stop;
}

}  // namespace rig::simulator
