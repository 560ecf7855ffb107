#include "simulator/dma.h"

#include <algorithm>

#include "simulator/mcu_description.h"

namespace rig::simulator {
namespace {

constexpr std::uint32_t kStreams = 0x10;
constexpr std::uint32_t kStreamBytes = 0x18;
constexpr std::uint32_t kUsart3Data = 0x40004804;
constexpr std::uint32_t kChannel = 4;

// Flags and their enables in CR, RM0033 9.5.1 and 9.5.5.
constexpr std::uint32_t kTransferError = 1U << 3;
constexpr std::uint32_t kHalf = 1U << 4;
constexpr std::uint32_t kDone = 1U << 5;

constexpr unsigned flag_shift(unsigned stream) {
  constexpr std::array<unsigned, 4> kShifts{0, 6, 16, 22};
  return kShifts[stream % 4] + (stream >= 4 ? 32 : 0);
}

}  // namespace

std::optional<std::uint8_t> DmaMemory::read(std::uint32_t address) const {
  if (address - kRamBase < ram.size()) {
    return ram[address - kRamBase];
  }
  if (address - kFlashBase < flash.size()) {
    if (reads != nullptr) {
      reads->read(address - kFlashBase, 1);
    }
    return flash[address - kFlashBase];
  }
  return std::nullopt;
}

bool DmaMemory::write(std::uint32_t address, std::uint8_t value) const {
  if (address - kRamBase >= ram.size()) {
    return false;
  }
  ram[address - kRamBase] = value;
  return true;
}

void Dma::raise(unsigned stream, std::uint32_t flags) {
  flags_ |= static_cast<std::uint64_t>(flags) << flag_shift(stream);
}

bool Dma::interrupt(unsigned stream) const {
  const auto flags = static_cast<std::uint32_t>(flags_ >> flag_shift(stream));
  const auto control = streams_[stream].control;
  return ((flags & kDone) != 0 && (control & 0x10) != 0) ||
         ((flags & kHalf) != 0 && (control & 0x08) != 0) ||
         ((flags & kTransferError) != 0 && (control & 0x04) != 0);
}

std::optional<std::uint32_t> Dma::read(std::uint32_t offset) const {
  if (offset == 0x00) {
    return static_cast<std::uint32_t>(flags_);
  }
  if (offset == 0x04) {
    return static_cast<std::uint32_t>(flags_ >> 32);
  }
  if (offset < kStreams || offset >= kStreams + 8 * kStreamBytes) {
    return offset < kStreams ? std::optional<std::uint32_t>(0) : std::nullopt;
  }
  const auto& stream = streams_[(offset - kStreams) / kStreamBytes];
  switch ((offset - kStreams) % kStreamBytes) {
    case 0x00:
      return stream.control;
    case 0x04:
      return stream.count;
    case 0x08:
      return stream.peripheral;
    case 0x0C:
      return stream.memory;
    case 0x10:
      return stream.memory1;
    default:
      return stream.fifo;
  }
}

bool Dma::wired(unsigned index, const Stream& stream) {
  const bool channel = (stream.control >> 25 & 7) == kChannel;
  const bool direction = (stream.control >> 6 & 3) == (index == kTransmitStream ? 1U : 0U);
  return (index == kReceiveStream || index == kTransmitStream) && channel && direction &&
         stream.peripheral == kUsart3Data;
}

bool Dma::write_stream(unsigned index, std::uint32_t offset, std::uint32_t value) {
  auto& stream = streams_[index];
  switch (offset) {
    case 0x00: {
      const bool starts = (value & 1) != 0 && !stream.enabled();
      stream.control = value;
      if (starts) {
        stream.reload = stream.count;
        stream.sending = false;
        return wired(index, stream);
      }
      return true;
    }
    case 0x04:
      stream.count = stream.enabled() ? stream.count : value & 0xFFFF;
      return true;
    case 0x08:
      stream.peripheral = value;
      return true;
    case 0x0C:
      stream.memory = value;
      return true;
    case 0x10:
      stream.memory1 = value;
      return true;
    default:
      stream.fifo = value;
      return true;
  }
}

bool Dma::write(std::uint32_t offset, std::uint32_t value) {
  if (offset == 0x08 || offset == 0x0C) {
    flags_ &= ~(static_cast<std::uint64_t>(value) << (offset == 0x08 ? 0 : 32));
    return true;
  }
  if (offset < kStreams || offset >= kStreams + 8 * kStreamBytes) {
    return false;
  }
  const auto index = (offset - kStreams) / kStreamBytes;
  return write_stream(index, (offset - kStreams) % kStreamBytes, value);
}

void Dma::receive(Usart& usart, const DmaMemory& memory, base::Instant now) {
  auto& stream = streams_[kReceiveStream];
  while (stream.enabled() && usart.receives_by_dma() && stream.count > 0) {
    const auto value = usart.take_for_dma(now);
    if (!value) {
      return;
    }
    const auto step = stream.memory_grows() ? stream.reload - stream.count : 0;
    if (!memory.write(stream.memory + step, *value)) {
      stream.control &= ~1U;
      raise(kReceiveStream, kTransferError);
      return;
    }
    --stream.count;
    if (stream.count == stream.reload / 2) {
      raise(kReceiveStream, kHalf);
    }
    if (stream.count == 0) {
      raise(kReceiveStream, kDone);
      stream.count = stream.circular() ? stream.reload : 0;
      stream.control &= stream.circular() ? ~0U : ~1U;
    }
  }
}

void Dma::refuse(Usart& usart, base::Instant now) const {
  if (usart.receives_by_dma() && !streams_[kReceiveStream].enabled()) {
    usart.overrun_by_dma(now);
  }
}

void Dma::transmit(Usart& usart, const DmaMemory& memory, base::Instant now) {
  auto& stream = streams_[kTransmitStream];
  if (!stream.enabled() || !usart.transmits_by_dma()) {
    return;
  }
  for (std::uint32_t i = 0; !stream.sending && i < stream.count; ++i) {
    const auto value = memory.read(stream.memory + (stream.memory_grows() ? i : 0));
    if (!value) {
      stream.control &= ~1U;
      raise(kTransmitStream, kTransferError);
      return;
    }
    usart.send_by_dma(*value, now);
  }
  stream.sending = true;
  stream.count = static_cast<std::uint32_t>(usart.transmitter.unstarted(now));
  if (usart.transmitter.empty(now)) {
    stream.count = 0;
    stream.control &= ~1U;
    raise(kTransmitStream, kDone | kHalf);
  }
}

void Dma::advance(Usart& usart, const DmaMemory& memory, base::Instant now) {
  receive(usart, memory, now);
  refuse(usart, now);
  transmit(usart, memory, now);
}

// A receive stream whose half or full interrupt is on gets an event per byte only near its
// threshold: the arrival of the byte that reaches it.
std::optional<base::Instant> Dma::next_event(const Usart& usart) const {
  const auto& sending = streams_[kTransmitStream];
  std::optional<base::Instant> first;
  if (sending.enabled() && sending.sending && (sending.control & 0x18) != 0) {
    first = usart.transmitter.empty_at();
  }
  const auto& receiving = streams_[kReceiveStream];
  const auto arrival = usart.receiver.next_arrival();
  if (receiving.enabled() && (receiving.control & 0x18) != 0 && arrival) {
    const auto half = receiving.reload / 2;
    const bool to_half = (receiving.control & 0x08) != 0 && receiving.count > half;
    const auto bytes = to_half ? receiving.count - half : receiving.count;
    const auto at = *arrival + Receiver::kByteTime * (static_cast<std::int64_t>(bytes) - 1);
    first = first ? std::min(*first, at) : at;
  }
  return first;
}

}  // namespace rig::simulator
