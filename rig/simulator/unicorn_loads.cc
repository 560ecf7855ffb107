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

#include "simulator/flash_reads.h"

struct CpuArchState;  // of the library; only handed through

namespace {

using rig::simulator::FlashReads;
using Load = std::uint64_t (*)(CpuArchState*, std::uint32_t, std::uint32_t, std::uintptr_t);

constexpr std::uint32_t kFlash = 0x08000000;
constexpr std::uint32_t kFlashBytes = 1U << 20;

struct Window {
  const std::uint8_t* memory{};  // null: loads are not seen
  FlashReads* reads{};
};
thread_local Window window;

Load library_function(const char* name) { return reinterpret_cast<Load>(dlsym(RTLD_NEXT, name)); }

// From the start of flash, where it is mapped or where it is mirrored.
std::uint32_t offset_of(std::uint32_t address) {
  return address >= kFlash ? address - kFlash : address;
}

template <typename Value>
std::uint64_t load(std::uint32_t address, bool& seen) {
  const std::uint32_t offset = offset_of(address);
  seen = window.memory != nullptr && offset <= kFlashBytes - sizeof(Value);
  if (!seen) return 0;
  if (window.reads != nullptr) window.reads->read(offset, sizeof(Value));
  Value value{};
  std::memcpy(&value, window.memory + offset, sizeof value);
  return value;
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

void see_loads(const std::uint8_t* memory, FlashReads* reads) { window = {memory, reads}; }

void see_loads_no_more() { window = {}; }

bool loads_can_be_seen() {
  return library_function("helper_ret_ldub_mmu_arm") != nullptr &&
         library_function("helper_le_lduw_mmu_arm") != nullptr &&
         library_function("helper_le_ldul_mmu_arm") != nullptr &&
         library_function("helper_le_ldq_mmu_arm") != nullptr;
}

bool hides_page(std::uint32_t address) {
  return window.memory != nullptr && offset_of(address) < kFlashBytes;
}

}  // namespace rig::simulator
