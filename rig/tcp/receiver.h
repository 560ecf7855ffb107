// The receiving half of a connection: puts segments into order, counts the room that is left, and
// says how urgent an acknowledgement is. Pure; sends nothing itself.
//
// The window announced never shrinks by its right edge, and moves it only by a worthwhile step
// (RFC 9293 section 3.8.6.2.2), so a full buffer announces zero.
#pragma once

#include <cstdint>
#include <map>

#include "base/bytes.h"
#include "base/network.h"
#include "tcp/personality.h"

namespace rig::tcp {

class Receiver {
 public:
  explicit Receiver(const Personality& limits);

  enum class Urgency : std::uint8_t {
    none,   // nothing that asks for an acknowledgement
    later,  // in order: may wait for a second one
    now     // out of order, repeated, beyond the window, or the end
  };

  // The peer's SYN has this number.
  void start(std::uint32_t syn);
  [[nodiscard]] Urgency accept(const base::Packet& packet);
  [[nodiscard]] base::Bytes read(std::size_t limit);

  [[nodiscard]] std::uint32_t expected() const { return expected_; }
  [[nodiscard]] std::size_t unread() const { return inbox_.size(); }
  // The peer's FIN and everything before it is here.
  [[nodiscard]] bool closed() const { return closed_; }
  // What to announce now; from here on it counts as announced.
  [[nodiscard]] std::uint16_t announce();
  // Reading has opened the window so far that the peer should be told.
  [[nodiscard]] bool worth_telling() const;

 private:
  void append(std::uint32_t sequence, base::ByteView data, bool last);
  void join_pieces();
  [[nodiscard]] std::uint32_t edge_now() const;

  struct Piece {
    base::Bytes data;
    bool last{false};
  };

  std::uint32_t buffer_;
  std::uint32_t mss_;
  bool keeps_pieces_;
  std::uint32_t expected_{0};
  std::uint32_t edge_{0};  // one behind the last byte that was announced
  bool closed_{false};
  base::Bytes inbox_;
  std::map<std::uint32_t, Piece> pieces_;  // by distance from the first byte of the stream
  std::uint32_t first_{0};
};

}  // namespace rig::tcp
