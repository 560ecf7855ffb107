// Makes stores into RAM fast on Unicorn 2.0.1.
//
// QEMU sends a store into a page that may hold translated code through a slow path (TLB_NOTDIRTY,
// a page lock, a search for code) until the page turns out to hold none. Unicorn 2.0.1 kept the
// slow path but lost the way back (cpu_physical_memory_is_clean() is constant), so every store
// costs three allocations: half the host time of a firmware update. Both functions below are
// exported by libunicorn; defining the first here puts it before the library's own, which it calls
// and then marks pages of the chip's RAM as settled. Code in RAM is not found through this any
// more: the engine compares a RAM page's bytes before it lets its code run (code_pages.h).
#include "simulator/unicorn_ram.h"

#include <dlfcn.h>
#include <unicorn/unicorn.h>

#include <cstdint>

#include "simulator/unicorn_loads.h"

static_assert(UC_API_MAJOR == 2 && UC_API_MINOR == 0 && UC_API_PATCH == 1,
              "check that the functions below still look like this");

struct uc_engine_cpu;  // CPUState of the library; only handed through

extern "C" {
void tlb_set_dirty_arm(uc_engine_cpu* cpu, std::uint32_t address);
void tlb_set_page_with_attrs_arm(uc_engine_cpu* cpu, std::uint32_t address, std::uint64_t physical,
                                 std::uint32_t attributes, int rights, int mmu_index,
                                 std::uint32_t size);
}

namespace {

using SetPage = void (*)(uc_engine_cpu*, std::uint32_t, std::uint64_t, std::uint32_t, int, int,
                         std::uint32_t);

SetPage library_function() {
  static const auto kFound =
      reinterpret_cast<SetPage>(dlsym(RTLD_NEXT, "tlb_set_page_with_attrs_arm"));
  return kFound;
}

}  // namespace

void tlb_set_page_with_attrs_arm(uc_engine_cpu* cpu, std::uint32_t address, std::uint64_t physical,
                                 std::uint32_t attributes, int rights, int mmu_index,
                                 std::uint32_t size) {
  constexpr int kRead = 1;  // PAGE_READ
  if (rig::simulator::hides_page(address)) {
    rights &= ~kRead;
  }
  library_function()(cpu, address, physical, attributes, rights, mmu_index, size);
  if (address - rig::simulator::kSettledRam < rig::simulator::kSettledRamBytes) {
    tlb_set_dirty_arm(cpu, address);
  }
}

namespace rig::simulator {

bool ram_stores_are_fast() { return library_function() != nullptr; }

}  // namespace rig::simulator
