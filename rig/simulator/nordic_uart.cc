#include <algorithm>

#include "simulator/nordic.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kStartReceiver = 0x000;
constexpr std::uint32_t kStopReceiver = 0x004;
constexpr std::uint32_t kStartTransmitter = 0x008;
constexpr std::uint32_t kStopTransmitter = 0x00C;
constexpr std::uint32_t kByteSent = 0x11C;
constexpr std::uint32_t kBlockSent = 0x120;
constexpr std::uint32_t kStopped = 0x158;
constexpr std::uint32_t kEnable = 0x500;
constexpr std::uint32_t kData = 0x51C;
constexpr std::uint32_t kBaudRate = 0x524;
constexpr std::uint32_t kPointer = 0x544;
constexpr std::uint32_t kCount = 0x548;
constexpr std::uint32_t kSent = 0x54C;

constexpr std::uint32_t kUart = 4;  // ENABLE
constexpr std::uint32_t kUartWithDma = 8;

// Events of the receiver, errors, interrupts, pins, format: nothing comes of them here.
constexpr std::array<std::uint32_t, 23> kUartPlain{
    0x01C, 0x02C, 0x100, 0x104, 0x108, 0x110, 0x124, 0x144, 0x14C, 0x150, 0x200, 0x300,
    0x304, 0x308, 0x480, 0x508, 0x50C, 0x510, 0x514, 0x518, 0x534, 0x538, 0x56C};

bool is_plain_of_uart(std::uint32_t offset) {
  return std::find(kUartPlain.begin(), kUartPlain.end(), offset) != kUartPlain.end();
}

// BAUDRATE counts 16 MHz / 2^32; start bit, eight bits, stop bit: 10 / 16 MHz is 625 ns.
base::Duration byte_time(std::uint32_t rate) {
  if (rate == 0) return base::Duration{86'806};
  return base::Duration(static_cast<std::int64_t>((625ULL << 32) / rate));
}

std::uint32_t come(std::optional<base::Instant> event, base::Instant now) {
  return event && *event <= now ? 1 : 0;
}

}  // namespace

std::optional<std::uint32_t> NordicUart::read(std::uint32_t offset, base::Instant now) const {
  switch (offset) {
    case kByteSent:
      return come(ready_, now);
    case kBlockSent:
      return come(block_sent_, now);
    case kStopped:
      return come(stopped_, now);
    case kEnable:
      return enable_;
    case kPointer:
      return pointer_;
    case kCount:
      return count_;
    case kSent:
      return sent_;
    default:
      break;
  }
  if (!is_plain_of_uart(offset) && offset != kBaudRate) return std::nullopt;
  const auto stored = plain_.find(offset);
  return stored == plain_.end() ? 0 : stored->second;
}

void NordicUart::send(std::uint8_t value, base::Instant now) {
  transmitter.push(value, now);
  ready_ = transmitter.complete_at();
}

void NordicUart::send_block(base::Instant now, Memory memory) {
  const std::uint64_t first = pointer_ - memory.ram_start;
  sent_ = first + count_ <= memory.ram.size() ? count_ : 0;
  for (const std::uint8_t byte : memory.ram.subspan(sent_ == 0 ? 0 : first, sent_)) {
    send(byte, now);
  }
  block_sent_ = std::max(now, transmitter.complete_at().value_or(now));
}

bool NordicUart::write(std::uint32_t offset, std::uint32_t value, base::Instant now,
                       Memory memory) {
  switch (offset) {
    case kStartReceiver:
    case kStopReceiver:
      return true;
    case kStartTransmitter:
      transmitting_ = value != 0 || transmitting_;
      if (value != 0 && started(kUartWithDma)) send_block(now, memory);
      return true;
    case kStopTransmitter:
      transmitting_ = transmitting_ && value == 0;
      if (value != 0) stopped_ = now;
      return true;
    case kByteSent:
      if (value == 0) ready_.reset();
      return true;
    case kBlockSent:
      if (value == 0) block_sent_.reset();
      return true;
    case kStopped:
      if (value == 0) stopped_.reset();
      return true;
    case kEnable:
      enable_ = value & 15;
      return true;
    case kData:
      if (started(kUart)) send(static_cast<std::uint8_t>(value), now);
      return true;
    case kBaudRate:
      transmitter.set_byte_time(byte_time(value));
      plain_[offset] = value;
      return true;
    case kPointer:
      pointer_ = value;
      return true;
    case kCount:
      count_ = value & 0xFFFF;
      return true;
    default:
      if (!is_plain_of_uart(offset)) return false;
      plain_[offset] = value;
      return true;
  }
}

void NordicUart::reset() {
  Transmitter kept = std::move(transmitter);
  *this = NordicUart{};
  transmitter = std::move(kept);
}

std::optional<base::Instant> NordicUart::next_change(base::Instant now) const {
  std::optional<base::Instant> first;
  for (const Coming& event : {ready_, block_sent_, stopped_}) {
    if (event && *event > now && (!first || *event < *first)) first = event;
  }
  return first;
}

}  // namespace rig::simulator
