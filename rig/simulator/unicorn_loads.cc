// Sees every load from flash, at a fraction of what UC_HOOK_MEM_READ costs: with that hook Unicorn
// 2.0.1 sends all loads and stores through its slow path, those of RAM too, and searches its list
// of hooks each time.
//
// Translated code loads by itself from a page that the TLB calls readable, and calls one of the
// helpers below otherwise. So flash pages enter the TLB without the right to be read
// (unicorn_ram.cc), and the helpers, exported by libunicorn and defined here before it, take the
// bytes from the engine's memory. Any other address goes on to the library's own.
#include "simulator/unicorn_loads.h"

#include <dlfcn.h>

#include <cstdint>
#include <cstring>
#include <utility>

#include "simulator/block_pace.h"
#include "simulator/flash_marks.h"
#include "simulator/flash_reads.h"

struct CpuArchState;  // of the library; only handed through

namespace {

using rig::simulator::LoadListeners;
using rig::simulator::SeenFlash;
using Load = std::uint64_t (*)(CpuArchState*, std::uint32_t, std::uint32_t, std::uintptr_t);

struct Window {
  SeenFlash flash;  // empty: loads are not seen
  LoadListeners to;
  std::optional<std::uint32_t> unreadable;
};
thread_local Window window;

Load library_function(const char* name) { return reinterpret_cast<Load>(dlsym(RTLD_NEXT, name)); }

// From the start of flash, where it is mapped or where it is mirrored.
std::uint32_t offset_of(std::uint32_t address) {
  return address >= window.flash.start ? address - window.flash.start : address;
}

// From a flash with marks. `address` becomes one that faults where the load has to.
template <typename Value>
std::uint64_t marked_load(std::uint32_t& address, Value stored, bool& seen) {
  const std::uint32_t offset = offset_of(address);
  if (window.to.marks->unreadable(offset, sizeof(Value))) {
    window.unreadable = address;
    if (window.to.raises_nmi) {
      window.to.pace->stop();
    } else {
      address = rig::simulator::kUnreadableLoad;  // never mapped: exceptions return to there
      seen = false;
    }
  }
  return static_cast<Value>(window.to.marks->load(offset, sizeof(Value), stored));
}

template <typename Value>
std::uint64_t load(std::uint32_t& address, bool& seen) {
  const std::uint32_t offset = offset_of(address);
  seen = std::uint64_t{offset} + sizeof(Value) <= window.flash.memory.size();
  if (!seen) return 0;
  if (window.to.reads != nullptr) window.to.reads->read(offset, sizeof(Value));
  Value value{};
  std::memcpy(&value, window.flash.memory.data() + offset, sizeof value);
  return window.to.marks == nullptr ? value : marked_load(address, value, seen);
}

}  // namespace

extern "C" {
std::uint64_t helper_ret_ldub_mmu_arm(CpuArchState* cpu, std::uint32_t address,
                                      std::uint32_t operand, std::uintptr_t back) {
  static const Load kLibrary = library_function("helper_ret_ldub_mmu_arm");
  bool seen = false;
  const std::uint64_t value = load<std::uint8_t>(address, seen);
  return seen ? value : kLibrary(cpu, address, operand, back);
}

std::uint64_t helper_le_lduw_mmu_arm(CpuArchState* cpu, std::uint32_t address,
                                     std::uint32_t operand, std::uintptr_t back) {
  static const Load kLibrary = library_function("helper_le_lduw_mmu_arm");
  bool seen = false;
  const std::uint64_t value = load<std::uint16_t>(address, seen);
  return seen ? value : kLibrary(cpu, address, operand, back);
}

std::uint64_t helper_le_ldul_mmu_arm(CpuArchState* cpu, std::uint32_t address,
                                     std::uint32_t operand, std::uintptr_t back) {
  static const Load kLibrary = library_function("helper_le_ldul_mmu_arm");
  bool seen = false;
  const std::uint64_t value = load<std::uint32_t>(address, seen);
  return seen ? value : kLibrary(cpu, address, operand, back);
}

std::uint64_t helper_le_ldq_mmu_arm(CpuArchState* cpu, std::uint32_t address, std::uint32_t operand,
                                    std::uintptr_t back) {
  static const Load kLibrary = library_function("helper_le_ldq_mmu_arm");
  bool seen = false;
  const std::uint64_t value = load<std::uint64_t>(address, seen);
  return seen ? value : kLibrary(cpu, address, operand, back);
}
}

namespace rig::simulator {

void see_loads(SeenFlash flash, LoadListeners to) { window = {flash, to, {}}; }

std::optional<std::uint32_t> take_unreadable() {
  return std::exchange(window.unreadable, std::nullopt);
}

void see_loads_no_more() {
  window.flash = {};
  window.to = {};
}

bool loads_can_be_seen() {
  return library_function("helper_ret_ldub_mmu_arm") != nullptr &&
         library_function("helper_le_lduw_mmu_arm") != nullptr &&
         library_function("helper_le_ldul_mmu_arm") != nullptr &&
         library_function("helper_le_ldq_mmu_arm") != nullptr;
}

bool hides_page(std::uint32_t address) { return offset_of(address) < window.flash.memory.size(); }

}  // namespace rig::simulator
