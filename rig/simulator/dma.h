// DMA1, streams 1 (USART3 receive) and 3 (USART3 transmit), channel 4 (RM0033 9.3.3). Byte wide,
// direct mode, circular or not; no double buffer. The other streams store their registers, and
// enabling one is refused.
//
// Lazy: memory is filled with whatever has arrived whenever the processor resumes or looks at a DMA
// or USART register; a transmit buffer is read when its stream is enabled. Firmware that watches
// the buffer in RAM without asking NDTR, or changes a buffer that is being sent, sees a difference.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.h"
#include "simulator/flash_reads.h"
#include "simulator/usart.h"

namespace rig::simulator {

inline constexpr unsigned kReceiveStream = 1;
inline constexpr unsigned kTransmitStream = 3;

// Reads and writes bytes of the address space for the DMA; empty or false: a bus error.
struct DmaMemory {
  std::span<std::uint8_t> ram;
  std::span<const std::uint8_t> flash;
  FlashReads* reads{};  // null: nobody wants to know
  [[nodiscard]] std::optional<std::uint8_t> read(std::uint32_t address) const;
  [[nodiscard]] bool write(std::uint32_t address, std::uint8_t value) const;
};

class Dma {
 public:
  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset) const;
  // False: not modelled (an unknown register, or a stream that has no peripheral here).
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value);
  void reset() { *this = Dma{}; }

  // Moves bytes between `usart` and memory as far as `now` allows.
  void advance(Usart& usart, const DmaMemory& memory, base::Instant now);
  [[nodiscard]] bool interrupt(unsigned stream) const;
  // When a flag whose interrupt is enabled will be set.
  [[nodiscard]] std::optional<base::Instant> next_event(const Usart& usart) const;

 private:
  struct Stream {
    std::uint32_t control{};
    std::uint32_t count{};  // NDTR
    std::uint32_t reload{};
    std::uint32_t peripheral{};
    std::uint32_t memory{};
    std::uint32_t memory1{};
    std::uint32_t fifo{0x21};
    bool sending{false};  // the buffer was handed to the transmitter
    [[nodiscard]] bool enabled() const { return (control & 1) != 0; }
    [[nodiscard]] bool circular() const { return (control & 0x100) != 0; }
    [[nodiscard]] bool memory_grows() const { return (control & 0x400) != 0; }
  };

  void raise(unsigned stream, std::uint32_t flags);
  void receive(Usart& usart, const DmaMemory& memory, base::Instant now);
  void refuse(Usart& usart, base::Instant now) const;
  void transmit(Usart& usart, const DmaMemory& memory, base::Instant now);
  [[nodiscard]] bool write_stream(unsigned index, std::uint32_t offset, std::uint32_t value);
  [[nodiscard]] static bool wired(unsigned index, const Stream& stream);

  std::array<Stream, 8> streams_;
  std::uint64_t flags_{};  // LISR below, HISR above
};

}  // namespace rig::simulator
