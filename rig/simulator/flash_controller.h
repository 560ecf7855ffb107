// The flash interface of the STM32F205 and its 1 MB array (PM0059 "STM32F205/215 Flash programming
// manual", sections 2.4 to 2.9; times: STM32F205 datasheet, table "Flash memory programming",
// typical values at x32 parallelism).
//
// NOR: programming clears bits, erasing sets them. While an operation runs the bus to the flash is
// busy, and code is fetched from there: the core stalls until it is done, so BSY never reads as
// one. What the part refuses is reported as a Refusal and leaves the array alone: stores with PG
// clear (PGSERR), with a width that is not PSIZE (PGPERR), operations while locked. A wrong key
// locks the controller until the next reset (and is a bus error). Write protection by option bytes,
// mass erase of protected sectors, and wear are not modelled.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/time.h"

namespace rig::simulator {

inline constexpr base::Duration kWordProgramTime = std::chrono::microseconds(16);
inline constexpr base::Duration kErase16K = std::chrono::milliseconds(250);
inline constexpr base::Duration kErase64K = std::chrono::milliseconds(550);
inline constexpr base::Duration kErase128K = std::chrono::milliseconds(1000);

inline constexpr unsigned kSectors = 12;
struct Sector {
  std::uint32_t offset{};  // from the start of flash
  std::uint32_t bytes{};
};
[[nodiscard]] Sector sector(unsigned number);  // 0..11
[[nodiscard]] Sector sector_of(std::uint32_t offset);

// One operation of the array, as the controller starts it.
struct FlashStart {
  std::uint32_t offset{};
  std::uint32_t bytes{};
  bool erase{false};
  std::uint32_t value{};  // program: the data
  base::Duration takes{};
};
struct Refusal {
  std::uint32_t offset{};
  std::string_view why;
  bool bus_error{false};
};
using FlashAnswer = std::variant<std::monostate, FlashStart, Refusal>;

class FlashController {
 public:
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset) const;
  // False: no such register.
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, FlashAnswer& answer);
  // A store into the array.
  [[nodiscard]] FlashAnswer store(std::uint32_t offset, unsigned size, std::uint32_t value);
  // The operation ended: EOP, if its interrupt is enabled.
  void complete();
  [[nodiscard]] bool interrupt() const;
  void reset() { *this = FlashController{}; }

 private:
  void unlock(std::uint32_t key, FlashAnswer& answer);
  void control(std::uint32_t value, FlashAnswer& answer);
  [[nodiscard]] FlashAnswer start_erase();
  [[nodiscard]] bool locked() const { return (cr_ & 1U << 31) != 0; }
  Refusal refuse(std::uint32_t offset, std::uint32_t flag, std::string_view why);

  std::uint32_t acr_{};
  std::uint32_t sr_{};
  std::uint32_t cr_{1U << 31};
  std::uint32_t optcr_{0x0FFFAAED};
  bool first_key_{false};
  bool locked_for_good_{false};
};

}  // namespace rig::simulator
