// The confirmable half of the protocol: a CON under way until it is acknowledged, and the memory
// that recognises repeated CONs of the other side. RFC 7252 sections 4.2 and 4.5, without the
// random factor on ACK_TIMEOUT (Particle's constants, communication/src/messages.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/time.h"
#include "ota/protocol.h"

namespace rig::ota {

inline constexpr base::Duration kAckTimeout = std::chrono::seconds(4);
inline constexpr int kMaxRetransmit = 3;

// Sent at 0, 4, 12 and 28 s; given up 60 s after it was sent first.
class PendingCon {
 public:
  PendingCon(const Datagram& datagram, base::Instant now)
      : code_(datagram.code), id_(datagram.id), bytes_(encode(datagram)), due_(now + kAckTimeout) {}

  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] std::uint16_t id() const { return id_; }
  [[nodiscard]] const base::Bytes& bytes() const { return bytes_; }
  // When to repeat it or, after the last repetition, to give it up.
  [[nodiscard]] base::Instant due() const { return due_; }
  // To be called at due(). True: send bytes() once more. False: nobody answered.
  [[nodiscard]] bool repeat();

 private:
  Code code_;
  std::uint16_t id_;
  base::Bytes bytes_;
  base::Instant due_;
  int repeated_{0};
};

// The answers to the last eight CONs that were received.
class AnsweredIds {
 public:
  void remember(std::uint16_t id, Code answer);
  // The answer given before; empty when the id is new.
  [[nodiscard]] std::optional<Code> answer_to(std::uint16_t id) const;

 private:
  struct Answer {
    std::uint16_t id{};
    Code code{};
  };
  std::array<std::optional<Answer>, 8> answers_;
  std::size_t next_{0};
};

}  // namespace rig::ota
