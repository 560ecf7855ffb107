// A USART with its two wires, in virtual time (RM0033 24). Not stepped: every byte is given the
// instant at which its last bit is on the wire, and flags are derived from `now`. 8N1 only;
// framing, parity and noise do not happen; break, LIN and smartcard modes are stored without
// effect.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"

namespace rig::simulator {

// Transmitting half: data register, shift register, and the wire behind them.
class Transmitter {
 public:
  struct Sent {
    base::Instant end{};
    std::uint8_t value{};
  };
  void set_byte_time(base::Duration length) { byte_time_ = length; }
  void push(std::uint8_t value, base::Instant now);
  // The peer's readiness (CTS): while false, bytes that have not started wait.
  void hold(base::Instant now);
  void release(base::Instant now);

  [[nodiscard]] bool empty(base::Instant now) const { return waiting_.empty() && now >= started_; }
  [[nodiscard]] bool complete(base::Instant now) const { return waiting_.empty() && now >= done_; }
  // When empty() and complete() will become true; none while the peer holds.
  [[nodiscard]] std::optional<base::Instant> empty_at() const;
  [[nodiscard]] std::optional<base::Instant> complete_at() const;
  // Bytes not yet moved into the shift register.
  [[nodiscard]] std::size_t unstarted(base::Instant now) const;
  // Bytes whose last bit has left by `now`, oldest first; they are handed out once.
  [[nodiscard]] std::vector<Sent> take_sent(base::Instant now);
  [[nodiscard]] const std::deque<Sent>& on_wire() const { return queue_; }
  // When the first line feed on the wire will have left. Asked for at every access of the
  // processor, so it is not searched for: there are lines of megabytes.
  [[nodiscard]] std::optional<base::Instant> line_end() const { return line_end_; }

 private:
  void find_line_end();

  std::deque<Sent> queue_;
  std::optional<base::Instant> line_end_;
  std::deque<std::uint8_t> waiting_;
  base::Instant started_{};  // the last byte entered the shift register
  base::Instant done_{};     // and left it
  base::Duration byte_time_{86'806};
  bool held_{false};
};

// Receiving half: what the peer is sending, and the data register.
class Receiver {
 public:
  static constexpr base::Duration kByteTime{86'806};  // the peer sends at 115200 8N1

  // The peer starts to send these at `at`, or when it is done with what it is sending.
  void push(base::ByteView bytes, base::Instant at);
  [[nodiscard]] std::optional<base::Instant> next_arrival() const;
  // When the line will next have been quiet for a byte time after a byte.
  [[nodiscard]] std::optional<base::Instant> next_quiet() const;
  [[nodiscard]] std::size_t arrived(base::Instant now) const;
  [[nodiscard]] std::uint8_t pop();
  // The receiver's RTS went high: nothing more arrives until resume().
  void pause() { paused_ = true; }
  void resume(base::Instant now);
  // Power or the receiver is off: everything that arrived by `now` is lost.
  void discard(base::Instant now);

 private:
  struct Burst {
    base::Instant first_end{};
    base::Bytes bytes;
    std::size_t next{};
    [[nodiscard]] base::Instant end_of(std::size_t index) const {
      return first_end + kByteTime * static_cast<std::int64_t>(index);
    }
  };
  std::deque<Burst> bursts_;
  base::Instant line_free_{};
  bool paused_{false};
};

class Usart {
 public:
  static constexpr std::uint32_t kData = 0x04;

  [[nodiscard]] std::optional<std::uint32_t> read(std::uint32_t offset, base::Instant now);
  [[nodiscard]] bool write(std::uint32_t offset, std::uint32_t value, base::Instant now);
  void set_clock(std::uint32_t hertz);
  // Registers to reset values. What is on the wire is not touched.
  void reset();

  // Moves arrived bytes into the data register; in DMA mode use receive_into().
  void advance(base::Instant now);
  [[nodiscard]] bool receives_by_dma() const { return enabled() && (cr3_ & 0x40) != 0; }
  [[nodiscard]] bool transmits_by_dma() const { return enabled() && (cr3_ & 0x80) != 0; }
  // The next byte that has arrived by `now`, past the data register (DMA).
  [[nodiscard]] std::optional<std::uint8_t> take_for_dma(base::Instant now);
  // No DMA stream takes what has arrived: it is lost.
  void overrun_by_dma(base::Instant now);
  void send_by_dma(std::uint8_t value, base::Instant now);
  void set_clear_to_send(bool clear, base::Instant now);

  // After advance(now).
  [[nodiscard]] bool interrupt(base::Instant now) const;
  // When a flag whose interrupt is enabled will be set.
  [[nodiscard]] std::optional<base::Instant> next_event() const;
  // When any flag will change on its own.
  [[nodiscard]] std::optional<base::Instant> next_change(base::Instant now) const;

  Transmitter transmitter;
  Receiver receiver;

 private:
  [[nodiscard]] bool enabled() const { return (cr1_ & 1U << 13) != 0; }
  [[nodiscard]] bool receiving() const { return enabled() && (cr1_ & 4) != 0; }
  [[nodiscard]] std::uint32_t status(base::Instant now) const;
  [[nodiscard]] std::uint8_t read_data(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> idle_at() const;
  void note_arrival(base::Instant at);
  void set_bit_time();

  std::uint32_t hertz_{16'000'000};
  std::uint32_t brr_{};
  std::uint32_t cr1_{};
  std::uint32_t cr2_{};
  std::uint32_t cr3_{};
  std::uint32_t gtpr_{};
  std::uint8_t data_{};
  bool not_empty_{false};
  bool overrun_{false};
  bool idle_{false};
  bool status_read_{false};       // SR then DR clears ORE and IDLE
  bool complete_cleared_{false};  // TC was written to zero since the last byte
  bool clear_to_send_{true};
  base::Instant seen_{};                        // flags up to here are known
  std::optional<base::Instant> line_quiet_at_;  // a frame time after the last byte: IDLE
};

}  // namespace rig::simulator
