#include "unit/firmware_core/fake_board.h"

#include <algorithm>
#include <cstring>

namespace firmware_core {

namespace {

FakeBoard* current = nullptr;

std::uint32_t read_word(const std::uint8_t* at) {
  std::uint32_t value{};
  std::memcpy(&value, at, sizeof value);
  return value;
}

void write_word(std::uint8_t* at, std::uint32_t value) { std::memcpy(at, &value, sizeof value); }

constexpr std::array<std::uint32_t, 13> kSectors{
    0x08000000, 0x08004000, 0x08008000, 0x0800C000, 0x08010000, 0x08020000, 0x08040000,
    0x08060000, 0x08080000, 0x080A0000, 0x080C0000, 0x080E0000, 0x08100000};

}  // namespace

FakeBoard::FakeBoard() : memory(kFlashBytes, 0xFF) { current = this; }

FakeBoard::~FakeBoard() { current = nullptr; }

bool FakeBoard::cut(std::uint64_t at, Torn torn, void (*action)(void*), void* argument) {
  cut_at_ = operations + at;
  torn_ = torn;
  armed_ = true;
  if (setjmp(power_loss_) != 0) return true;
  action(argument);
  armed_ = false;
  return false;
}

void FakeBoard::put(std::uint32_t address, const std::vector<std::uint8_t>& bytes) {
  std::copy(bytes.begin(), bytes.end(), at(address));
}

bool FakeBoard::fails_now() { return armed_ && operations++ == cut_at_; }

void FakeBoard::lose_power() {
  armed_ = false;
  std::longjmp(power_loss_, 1);
}

void FakeBoard::tear_word(std::uint8_t* word, std::uint32_t value) const {
  const std::uint32_t before = read_word(word);
  switch (torn_) {
    case Torn::old:
      return;
    case Torn::low_half:
      return write_word(word, before & (value | 0xFFFF0000));
    case Torn::some_bits:
    case Torn::weak_bits:
      return write_word(word, before & (value | 0x5A5A35C9));
    default:
      return write_word(word, before & value);
  }
}

void FakeBoard::tear_sector(std::uint8_t* sector, std::uint32_t length) const {
  switch (torn_) {
    case Torn::old:
      return;
    case Torn::low_half:
    case Torn::part_of_sector:
      return std::fill_n(sector, length / 2, std::uint8_t{0xFF}), void();
    case Torn::some_bits:
    case Torn::weak_bits:
      for (std::uint32_t i = 0; i < length; ++i) sector[i] |= static_cast<std::uint8_t>(i * 37);
      return;
    default:
      std::fill_n(sector, length, std::uint8_t{0xFF});
  }
}

int FakeBoard::erase(std::uint32_t address) {
  const std::uint32_t end = board_flash_sector_end(address);
  if (end == 0) return BOARD_BAD_ADDRESS;
  const std::uint32_t start = *(std::find(kSectors.begin(), kSectors.end(), end) - 1);
  if (fails_now()) {
    tear_sector(at(start), end - start);
    lose_power();
  }
  std::fill_n(at(start), end - start, std::uint8_t{0xFF});
  return BOARD_OK;
}

int FakeBoard::program(std::uint32_t address, const void* data, std::uint32_t length) {
  const auto* from = static_cast<const std::uint8_t*>(data);
  for (std::uint32_t done = 0; done < length; done += 4) {
    std::uint8_t* word = at(address + done);
    const std::uint32_t value = read_word(from + done);
    if (fails_now()) {
      tear_word(word, value);
      lose_power();
    }
    if (address + done != broken_word) write_word(word, read_word(word) & value);
  }
  return program_fails ? BOARD_NOT_PROGRAMMED : BOARD_OK;
}

}  // namespace firmware_core

using firmware_core::current;
using firmware_core::kSectors;

extern "C" {
int board_flash_erase(std::uint32_t address) { return current->erase(address); }

int board_flash_program(std::uint32_t address, const void* data, std::uint32_t length) {
  return current->program(address, data, length);
}

std::uint32_t board_flash_sector_end(std::uint32_t address) {
  if (address < kSectors.front() || address >= kSectors.back()) return 0;
  return *std::upper_bound(kSectors.begin(), kSectors.end(), address);
}

const void* board_flash_at(std::uint32_t address) { return current->at(address); }

void board_console_write(const char* text, std::uint32_t length) {
  current->console.append(text, length);
}

std::uint32_t board_backup_read(unsigned index) { return current->backup[index]; }

void board_backup_write(unsigned index, std::uint32_t value) { current->backup[index] = value; }

reset_reason board_reset_cause(void) { return current->cause; }

void board_reset(void) {
  ++current->resets;
  std::longjmp(current->reset_target, 1);
}
}
