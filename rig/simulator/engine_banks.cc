// The Unicorn instances of an engine: how one is set up, and which one runs.
#include <algorithm>
#include <cstring>
#include <string>

#include "base/assert.h"
#include "simulator/engine.h"
#include "simulator/mcu.h"
#include "simulator/unicorn_check.h"
#include "simulator/unicorn_ram.h"

namespace rig::simulator {
namespace {

uc_engine* opened() {
  uc_engine* engine = nullptr;
  check_unicorn(uc_open(UC_ARCH_ARM, static_cast<uc_mode>(UC_MODE_THUMB | UC_MODE_MCLASS), &engine),
                "start Unicorn");
  return engine;
}

std::uint8_t* allocated(std::uint32_t size) {
  auto* memory = static_cast<std::uint8_t*>(std::aligned_alloc(CodePages::kPage, size));
  RIG_ASSERT(memory != nullptr);
  std::memset(memory, 0xFF, size);
  return memory;
}

}  // namespace

void Engine::add_bank() {
  RIG_ASSERT(ram_stores_are_fast());
  auto added = std::make_unique<Bank>(*this);
  added->flash.reset(allocated(flash_.size));
  added->ram.reset(allocated(ram_.size));
  added->uc.reset(opened());
  added->behind.set();
  map_memory(*added);
  map_peripherals(*added);
  add_hooks(*added);
  banks_.push_back(std::move(added));
}

// Once, for good: Unicorn 2.0.1 keeps a megabyte for every memory that is unmapped again, so RAM is
// copied and not mapped where the world at hand has it.
void Engine::map_memory(Bank& to) {
  const auto map = [&to](std::uint32_t address, std::uint32_t size, std::uint8_t* memory) {
    check_unicorn(uc_mem_map_ptr(to.uc.get(), address, size, UC_PROT_ALL, memory), "map memory");
  };
  const auto protect = [this, &to](std::uint32_t address, std::uint32_t rights) {
    check_unicorn(uc_mem_protect(to.uc.get(), address, flash_.size, rights), "protect flash");
  };
  map(flash_.start, flash_.size, to.flash.get());
  protect(flash_.start, UC_PROT_READ | UC_PROT_EXEC);
  if (flash_.start != 0) {
    // With BOOT0 low the flash is seen at zero as well (RM0033 2.4); code never runs there.
    map(0, flash_.size, to.flash.get());
    protect(0, UC_PROT_READ);
  }
  map(ram_.start, ram_.size, to.ram.get());
}

// The bank that runs `page` best: of those that have its code, the one with most code that fits.
std::optional<std::size_t> Engine::bank_with(std::uint32_t page) {
  const auto* memory = page_memory(bank(), page);
  std::optional<std::size_t> best;
  std::size_t most = 0;
  for (std::size_t i = 0; i < banks_.size(); ++i) {
    if (i == current_ || !banks_[i]->code.matches(page, memory)) {
      continue;
    }
    if (const auto pages = matching_pages(*banks_[i]); !best || pages > most) {
      best = i;
      most = pages;
    }
  }
  return best;
}

std::size_t Engine::matching_pages(const Bank& candidate) {
  std::size_t count = 0;
  for (std::uint32_t page = 0; page < flash_pages(); ++page) {
    count += candidate.code.matches(page, page_memory(bank(), page)) ? 1 : 0;
  }
  return count;
}

std::size_t Engine::least_used() const {
  std::size_t least = current_ == 0 ? 1 : 0;
  for (std::size_t i = 0; i < banks_.size(); ++i) {
    if (i != current_ && banks_[i]->last_used < banks_[least]->last_used) {
      least = i;
    }
  }
  return least;
}

// A flash page whose code is missing or set aside is about to run.
void Engine::provide_code(std::uint32_t page) {
  const bool stale = bank().code.state(page) == CodePages::State::aside;
  if (may_change_bank_ && page < flash_pages()) {
    may_change_bank_ = false;
    if (const auto better = bank_with(page)) {
      change_bank(*better);
    } else if (stale && banks_.size() < kMostBanks) {
      add_bank();
      change_bank(banks_.size() - 1);
    } else if (stale && banks_.size() > 1) {
      change_bank(least_used());
    }
  }
  const auto* memory = page_memory(bank(), page);
  if (bank().code.matches(page, memory)) {
    bank().code.restore(page);
    return;
  }
  drop_code(page);  // at least the block that asked was translated already, from who knows what
  bank().code.translated(page, memory);
}

void Engine::change_bank(std::size_t to) {
  auto& from = bank();
  settled_.forget_all();
  current_ = to;
  auto& now = bank();
  now.last_used = ++uses_;
  for (std::uint32_t page = 0; page < flash_pages(); ++page) {
    if (now.behind.test(page)) {
      copy_if_different(page, page_memory(from, page));
    }
  }
  now.behind.reset();
  std::memcpy(now.ram.get(), from.ram.get(), ram_.size);
  mcu_->ram_moved(ram());
}

void Engine::drop_code(std::uint32_t page) {
  const std::uint32_t address = page < flash_pages() ? flash_.start + page * kPage
                                                     : ram_.start + (page - flash_pages()) * kPage;
  check_unicorn(uc_ctl_remove_cache(bank().uc.get(), address, address + kPage),
                "drop translated code");
  bank().code.forget(page);
  if (page < flash_pages()) settled_.forget_page(page);
}

}  // namespace rig::simulator
