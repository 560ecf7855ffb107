#include "simulator/flash_controller.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kKey1 = 0x45670123;
constexpr std::uint32_t kKey2 = 0xCDEF89AB;

constexpr std::uint32_t kEndOfOperation = 1U << 0;
constexpr std::uint32_t kOperationError = 1U << 1;
constexpr std::uint32_t kParallelismError = 1U << 6;
constexpr std::uint32_t kSequenceError = 1U << 7;
constexpr std::uint32_t kClearable = 0xF3;

constexpr std::uint32_t kProgram = 1U << 0;
constexpr std::uint32_t kSectorErase = 1U << 1;
constexpr std::uint32_t kMassErase = 1U << 2;
constexpr std::uint32_t kStart = 1U << 16;
constexpr std::uint32_t kEndInterrupt = 1U << 24;
constexpr std::uint32_t kErrorInterrupt = 1U << 25;
constexpr std::uint32_t kLock = 1U << 31;

// SNB names sectors of the second bank from 16 on (RM0090 3.9.8).
constexpr std::uint32_t kSecondBank = 16;
constexpr std::uint32_t kSectorsOfABank = 12;

}  // namespace

std::optional<std::uint32_t> FlashController::read(std::uint32_t offset) const {
  switch (offset) {
    case 0x00:
      return acr_;
    case 0x04:
    case 0x08:
      return 0;
    case 0x0C:
      return sr_;
    case 0x10:
      return cr_;
    case 0x14:
      return optcr_;
    default:
      return std::nullopt;
  }
}

Refusal FlashController::refuse(std::uint32_t offset, std::uint32_t flag, std::string_view why) {
  sr_ |= flag;
  if ((cr_ & kErrorInterrupt) != 0) {
    sr_ |= kOperationError;
  }
  return {offset, why, false};
}

void FlashController::unlock(std::uint32_t key, FlashAnswer& answer) {
  if (!locked_for_good_ && !first_key_ && key == kKey1) {
    first_key_ = true;
    return;
  }
  if (!locked_for_good_ && first_key_ && key == kKey2) {
    first_key_ = false;
    cr_ &= ~kLock;
    return;
  }
  locked_for_good_ = true;
  cr_ |= kLock;
  answer = Refusal{0, "wrong key", true};
}

FlashAnswer FlashController::start_erase() {
  if ((cr_ & kMassErase) != 0) {
    base::Duration together{};
    for (const Sector& each : flash_->sectors) together += each.erase_time;
    return FlashStart{0, flash_->range.size, true, 0, together};
  }
  const std::uint32_t field = (cr_ >> 3) & 31;
  const std::uint32_t number = field < kSecondBank ? field : field - kSecondBank + kSectorsOfABank;
  const bool known =
      number < flash_->sectors.size() && (field < kSectorsOfABank || field >= kSecondBank);
  if ((cr_ & kSectorErase) == 0 || (cr_ & kProgram) != 0 || !known) {
    return refuse(known ? flash_->sectors[number].offset : 0, kSequenceError, "bad erase request");
  }
  const Sector& which = flash_->sectors[number];
  return FlashStart{which.offset, which.bytes, true, 0, which.erase_time};
}

void FlashController::control(std::uint32_t value, FlashAnswer& answer) {
  if (locked()) {
    answer = Refusal{0, "locked", false};
    return;
  }
  cr_ = value & ~kStart;
  if ((value & kStart) != 0) {
    answer = start_erase();
  }
}

bool FlashController::write(std::uint32_t offset, std::uint32_t value, FlashAnswer& answer) {
  switch (offset) {
    case 0x00:
      acr_ = value;
      return true;
    case 0x04:
      unlock(value, answer);
      return true;
    case 0x0C:
      sr_ &= ~(value & kClearable);
      return true;
    case 0x10:
      control(value, answer);
      return true;
    case 0x08:
    case 0x14:
      answer = Refusal{0, "option bytes are not modelled", false};
      return true;
    default:
      return false;
  }
}

FlashAnswer FlashController::store(std::uint32_t offset, unsigned size, std::uint32_t value) {
  if (locked()) {
    return refuse(offset, kSequenceError, "locked");
  }
  if ((cr_ & kProgram) == 0 || (cr_ & (kSectorErase | kMassErase)) != 0) {
    return refuse(offset, kSequenceError, "PG not set");
  }
  const unsigned width = 1U << ((cr_ >> 8) & 3);
  if (width != size || offset % size != 0) {
    return refuse(offset, kParallelismError, "width is not PSIZE");
  }
  return FlashStart{offset, size, false, value, flash_->word_time};
}

void FlashController::complete() {
  if ((cr_ & kEndInterrupt) != 0) {
    sr_ |= kEndOfOperation;
  }
}

bool FlashController::interrupt() const {
  return ((sr_ & kEndOfOperation) != 0 && (cr_ & kEndInterrupt) != 0) ||
         ((sr_ & kOperationError) != 0 && (cr_ & kErrorInterrupt) != 0);
}

}  // namespace rig::simulator
