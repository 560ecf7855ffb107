// GPIO ports A to D (RM0033 6). A pin drives its ODR bit while it is configured as an output and
// floats to its idle level otherwise. The pins that the product wires to something are named.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rig::simulator {

enum class Pin : std::uint8_t { led_blue, watchdog_feed, modem_power, modem_reset };
inline constexpr std::size_t kPins = 4;
[[nodiscard]] std::string_view name_of(Pin pin);  // "led.blue", "watchdog.feed", ...

struct PinEdge {
  base::Instant at{};
  Pin pin{};
  bool high{};
};

class Gpio {
 public:
  static constexpr unsigned kPorts = 4;

  // `offset` within a port's 0x400 bytes.
  [[nodiscard]] std::optional<std::uint32_t> read(unsigned port, std::uint32_t offset) const;
  [[nodiscard]] bool write(unsigned port, std::uint32_t offset, std::uint32_t value,
                           base::Instant now);
  // Every pin becomes an input (or is unpowered): named pins float to their idle level.
  void reset(base::Instant now);
  [[nodiscard]] bool level(Pin pin) const { return levels_[static_cast<std::size_t>(pin)]; }
  [[nodiscard]] std::vector<PinEdge> take_edges();
  [[nodiscard]] bool has_edges() const { return !edges_.empty(); }

 private:
  static constexpr std::size_t kWords = 10;
  using Registers = std::array<std::uint32_t, kWords>;

  void update_pins(base::Instant now);
  [[nodiscard]] bool driven_level(Pin pin) const;

  std::array<Registers, kPorts> ports_{};
  std::array<bool, kPins> levels_{false, false, true, true};
  std::vector<PinEdge> edges_;
};

}  // namespace rig::simulator
