#include "simulator/gpio.h"

#include <utility>

namespace rig::simulator {
namespace {

constexpr std::uint32_t kMode = 0x00;
constexpr std::uint32_t kInput = 0x10;
constexpr std::uint32_t kOutput = 0x14;
constexpr std::uint32_t kSetReset = 0x18;
constexpr std::uint32_t kGeneralOutput = 1;

struct Wire {
  unsigned port;
  unsigned bit;
  bool idle;
  std::string_view name;
};
constexpr std::array<Wire, kPins> kWires{{
    {0, 13, false, "led.blue"},
    {1, 5, false, "watchdog.feed"},
    {1, 0, true, "modem.power"},
    {1, 1, true, "modem.reset"},
}};

const Wire& wire(Pin pin) { return kWires[static_cast<std::size_t>(pin)]; }

}  // namespace

std::string_view name_of(Pin pin) { return wire(pin).name; }

bool Gpio::driven_level(Pin pin) const {
  const auto& registers = ports_[wire(pin).port];
  const auto mode = registers[kMode / 4] >> (2 * wire(pin).bit) & 3;
  return mode == kGeneralOutput ? (registers[kOutput / 4] >> wire(pin).bit & 1) != 0
                                : wire(pin).idle;
}

void Gpio::update_pins(base::Instant now) {
  for (std::size_t i = 0; i < kPins; ++i) {
    const auto pin = static_cast<Pin>(i);
    const bool high = driven_level(pin);
    if (high != levels_[i]) {
      levels_[i] = high;
      edges_.push_back({now, pin, high});
    }
  }
}

void Gpio::reset(base::Instant now) {
  for (auto& registers : ports_) {
    registers.fill(0);
  }
  ports_[0][kMode / 4] = 0xA8000000;  // JTAG pins, RM0033 6.4.1
  ports_[1][kMode / 4] = 0x00000280;
  update_pins(now);
}

std::vector<PinEdge> Gpio::take_edges() { return std::exchange(edges_, {}); }

std::optional<std::uint32_t> Gpio::read(unsigned port, std::uint32_t offset) const {
  if (offset / 4 >= kWords) {
    return std::nullopt;
  }
  if (offset != kInput) {
    return offset == kSetReset ? 0 : ports_[port][offset / 4];
  }
  // Outputs read back; inputs that nothing is wired to read low.
  std::uint32_t levels = 0;
  for (unsigned bit = 0; bit < 16; ++bit) {
    if ((ports_[port][kMode / 4] >> (2 * bit) & 3) == kGeneralOutput) {
      levels |= ports_[port][kOutput / 4] & 1U << bit;
    }
  }
  return levels;
}

bool Gpio::write(unsigned port, std::uint32_t offset, std::uint32_t value, base::Instant now) {
  if (offset / 4 >= kWords) {
    return false;
  }
  auto& registers = ports_[port];
  if (offset == kSetReset) {  // set wins over reset
    registers[kOutput / 4] = (registers[kOutput / 4] & ~(value >> 16)) | (value & 0xFFFF);
  } else if (offset != kInput) {
    registers[offset / 4] = value;
  }
  update_pins(now);
  return true;
}

}  // namespace rig::simulator
