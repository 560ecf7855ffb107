// Moving the register file between the board's plain values and Unicorn.
#include <array>

#include "base/assert.h"
#include "simulator/engine.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kExceptionNumber = 0x1FF;

constexpr std::array<int, 13> kGeneral{UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2,  UC_ARM_REG_R3,
                                       UC_ARM_REG_R4, UC_ARM_REG_R5, UC_ARM_REG_R6,  UC_ARM_REG_R7,
                                       UC_ARM_REG_R8, UC_ARM_REG_R9, UC_ARM_REG_R10, UC_ARM_REG_R11,
                                       UC_ARM_REG_R12};

void put(uc_engine* uc, int id, std::uint32_t value) { uc_reg_write(uc, id, &value); }

std::uint32_t get(uc_engine* uc, int id) {
  std::uint32_t value = 0;
  uc_reg_read(uc, id, &value);
  return value;
}

}  // namespace

// CONTROL.SPSEL can only be set in thread mode, and it decides which stack pointer is r13: so first
// thread mode, then CONTROL, the stack pointers, and the real xPSR last.
void Engine::load(const CpuRegisters& registers) {
  if (bank().loaded == registers) {
    return;
  }
  auto* uc = bank().uc.get();
  put(uc, UC_ARM_REG_XPSR, registers.xpsr & ~kExceptionNumber);
  put(uc, UC_ARM_REG_CONTROL, registers.control);
  put(uc, UC_ARM_REG_MSP, registers.msp);
  put(uc, UC_ARM_REG_PSP, registers.psp);
  for (std::size_t i = 0; i < kGeneral.size(); ++i) {
    put(uc, kGeneral[i], registers.r[i]);
  }
  put(uc, UC_ARM_REG_LR, registers.lr);
  put(uc, UC_ARM_REG_PRIMASK, registers.primask);
  put(uc, UC_ARM_REG_BASEPRI, registers.basepri);
  put(uc, UC_ARM_REG_FAULTMASK, registers.faultmask);
  put(uc, UC_ARM_REG_XPSR, registers.xpsr);
}

void Engine::store(CpuRegisters& registers) {
  auto* uc = bank().uc.get();
  for (std::size_t i = 0; i < kGeneral.size(); ++i) {
    registers.r[i] = get(uc, kGeneral[i]);
  }
  registers.msp = get(uc, UC_ARM_REG_MSP);
  registers.psp = get(uc, UC_ARM_REG_PSP);
  registers.lr = get(uc, UC_ARM_REG_LR);
  registers.pc = get(uc, UC_ARM_REG_PC);
  registers.xpsr = get(uc, UC_ARM_REG_XPSR);
  registers.control = get(uc, UC_ARM_REG_CONTROL);
  registers.primask = get(uc, UC_ARM_REG_PRIMASK);
  registers.basepri = get(uc, UC_ARM_REG_BASEPRI);
  registers.faultmask = get(uc, UC_ARM_REG_FAULTMASK);
  bank().loaded = registers;
}

Engine::Masks Engine::masks() const {
  auto* uc = bank().uc.get();
  return {get(uc, UC_ARM_REG_PRIMASK), get(uc, UC_ARM_REG_BASEPRI), get(uc, UC_ARM_REG_FAULTMASK)};
}

}  // namespace rig::simulator
