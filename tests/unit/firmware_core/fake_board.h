// A board in an array, for the portable core of the firmware: NOR flash that can be cut in any
// operation, backup registers, a console that is kept as text. One at a time: the C code under test
// calls free functions.
#pragma once

#include <array>
#include <csetjmp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// C names functions like their structs.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#define _Static_assert static_assert
extern "C" {
#include "core/apn_record.h"
#include "core/board.h"
#include "core/boot_flags.h"
#include "core/console.h"
#include "core/crc32.h"
#include "core/dct.h"
#include "core/module.h"
#include "core/module_copy.h"
#include "core/slots.h"
#include "core/text.h"
}
#undef _Static_assert
#pragma GCC diagnostic pop

namespace firmware_core {

// What became of the operation that the power loss interrupted.
enum class Torn { old, done, low_half, some_bits, part_of_sector, weak_bits };
inline constexpr std::array kAllTorn{Torn::old,       Torn::done,           Torn::low_half,
                                     Torn::some_bits, Torn::part_of_sector, Torn::weak_bits};

class FakeBoard {
 public:
  static constexpr std::uint32_t kFlash = 0x08000000;
  static constexpr std::uint32_t kFlashBytes = 1024 * 1024;

  FakeBoard();
  ~FakeBoard();
  FakeBoard(const FakeBoard&) = delete;
  FakeBoard& operator=(const FakeBoard&) = delete;

  // Runs `action` with the power failing in flash operation `at` (0 = the first); true when it got
  // that far. Nothing in `action` but C code may be on the stack when the cut comes.
  bool cut(std::uint64_t at, Torn torn, void (*action)(void*), void* argument);

  std::uint8_t* at(std::uint32_t address) { return memory.data() + (address - kFlash); }
  void put(std::uint32_t address, const std::vector<std::uint8_t>& bytes);

  int erase(std::uint32_t address);
  int program(std::uint32_t address, const void* data, std::uint32_t length);

  std::vector<std::uint8_t> memory;
  std::array<std::uint32_t, 20> backup{};
  std::string console;
  reset_reason cause{RESET_POWER_DOWN};
  std::uint64_t operations{};
  std::uint32_t resets{};
  bool program_fails{};
  std::uint32_t broken_word{};  // address that cannot be programmed
  std::jmp_buf reset_target{};  // where board_reset() goes

 private:
  // Whether the power fails in this operation.
  bool fails_now();
  void tear_word(std::uint8_t* word, std::uint32_t value) const;
  void tear_sector(std::uint8_t* sector, std::uint32_t length) const;
  [[noreturn]] void lose_power();

  std::jmp_buf power_loss_{};
  std::uint64_t cut_at_{};
  bool armed_{};
  Torn torn_{Torn::old};
};

}  // namespace firmware_core
