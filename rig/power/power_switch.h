// PowerSwitch, the seam between the rig and whatever breaks a board's supply: a relay, a hub port,
// a bench supply, a program. It knows channels and levels, nothing of boards.
//
// Every call blocks, at most until its deadline (plus what the operating system takes to give up a
// transfer), so it belongs on a Worker (power/worker.h) and never on an event loop. Failures are
// thrown as SwitchError (power/switch_error.h): rig faults, never a device's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace rig::power {

using Clock = std::chrono::steady_clock;
using Moment = Clock::time_point;
using base::Duration;

enum class Level : std::uint8_t { off, on };

// Numbered as the vendor numbers them: most boards from 1, Numato's from 0.
struct Channel {
  std::uint8_t number{1};

  auto operator<=>(const Channel&) const = default;
};

// What one switching really says about time: the contact moved at some moment from `not_before`
// (nothing had been handed to the kernel yet) to `not_after` (the hardware had acknowledged, or all
// bytes were on the wire, and the slowest contact of this product had settled). More than one
// attempt widens the interval: the first may have worked.
struct Switched {
  Moment not_before{};
  Moment not_after{};
  int attempts{1};
};

// Bit n is channel n; a set bit is a closed contact (or a powered port).
class Levels {
 public:
  Levels() = default;
  explicit Levels(std::uint64_t bits) : bits_(bits) {}

  [[nodiscard]] Level at(Channel channel) const {
    return (bits_ >> channel.number & 1U) != 0 ? Level::on : Level::off;
  }
  // `channel.number` is below 64.
  void put(Channel channel, Level level) {
    const std::uint64_t mask = std::uint64_t{1} << channel.number;
    bits_ = level == Level::on ? bits_ | mask : bits_ & ~mask;
  }
  [[nodiscard]] std::uint64_t bits() const { return bits_; }
  bool operator==(const Levels&) const = default;

 private:
  std::uint64_t bits_{0};
};

// What a product can do. `name` says which switch it is, for errors: "DCT relay at USB 1-1.4".
struct SwitchTraits {
  std::string name;
  std::uint8_t first_channel{1};
  std::uint8_t channels{1};       // 1..64
  bool reads_back{false};         // false: the level is what was commanded, and nobody knows better
  Duration contact_time{};        // slowest operate or release time of the contact
  std::uint32_t rated_cycles{0};  // electrical life of a contact; 0 = does not wear
};

class PowerSwitch {
 public:
  PowerSwitch() = default;
  PowerSwitch(const PowerSwitch&) = delete;
  PowerSwitch& operator=(const PowerSwitch&) = delete;
  virtual ~PowerSwitch() = default;

  [[nodiscard]] virtual const SwitchTraits& traits() const = 0;
  // A channel the product does not have is a base::UsageError; nothing is switched.
  [[nodiscard]] virtual Switched set(Channel channel, Level level, Moment deadline) = 0;
  // Asks the hardware, never a cache. Empty when this hardware cannot tell. What comes back is
  // what the product knows: most know their commanded latch, none knows a welded contact.
  [[nodiscard]] virtual std::optional<Levels> read_back(Moment deadline) = 0;
};

// The contact of a small PCB relay operates and releases within 10 ms and lasts 1e5 operations at
// rated load (SRD-05VDC-SL-C data sheet, "Coil data" and "Life expectancy").
inline constexpr Duration kRelayContactTime = std::chrono::milliseconds(10);
inline constexpr std::uint32_t kRelayRatedCycles = 100'000;

// Throws base::UsageError that names the switch and the channels it has.
void check_channel(const SwitchTraits& traits, Channel channel);

}  // namespace rig::power
