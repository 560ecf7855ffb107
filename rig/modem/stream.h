// One end of a reliable byte stream, carried in base::Packet with protocol tcp: enough of RFC 9293
// for a device's short exchanges over a slow and lossy link. The server's side can be built of it
// as well. Pure; a value.
//
// What it does: SYN, SYN-ACK, ACK; data in segments of at most 536 bytes (the default of RFC 9293
// section 3.7.1); cumulative acknowledgements, one per segment; retransmission by the timer of RFC
// 6298 (first 1 s, doubling to 60 s, Karn's rule, 3 s after a lost SYN) that goes back to the
// oldest unacknowledged byte; FIN both ways; RST when given up (6 SYNs, 12 other retransmissions).
// What it does not: a packet has no window field, so the window is a constant 1460 bytes and a
// receiver with a full buffer simply drops; segments out of order are dropped; no congestion
// window, no fast retransmission, no options, no TIME-WAIT (a packet for a stream that is no more
// is answered by its owner with a RST).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"

namespace rig::modem {

class TcpStream {
 public:
  static constexpr std::size_t kSegment = 536;
  static constexpr std::size_t kWindow = 1460;
  static constexpr std::size_t kSendLimit = 8192;
  static constexpr std::size_t kReceiveLimit = 8192;

  struct Ends {
    base::Endpoint local;
    base::Endpoint remote;
  };

  // Sends the SYN. `first_sequence` should be hard to guess; the caller draws it.
  static TcpStream connect(Ends ends, std::uint32_t first_sequence, base::Instant now);
  // The answering side: `syn` is the packet that asked for it.
  static TcpStream accept(const base::Packet& syn, std::uint32_t first_sequence, base::Instant now);

  void receive(const base::Packet& packet, base::Instant now);
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const { return timer_; }
  [[nodiscard]] std::vector<base::Packet> take_packets();

  // Bytes taken: as many as the send buffer has room for, none after close().
  [[nodiscard]] std::size_t write(base::ByteView bytes, base::Instant now);
  [[nodiscard]] std::size_t unacknowledged() const { return outbox_.size(); }
  [[nodiscard]] base::Bytes read(std::size_t limit);
  [[nodiscard]] std::size_t unread() const { return inbox_.size(); }
  // No more to write; the FIN follows what was written.
  void close(base::Instant now);
  // Gone at once, with a RST.
  void abort();

  [[nodiscard]] bool connected() const { return connected_ && !failed_; }
  // The peer has sent its FIN and everything before it has arrived.
  [[nodiscard]] bool remote_closed() const { return remote_closed_; }
  // Reset by the peer, or given up.
  [[nodiscard]] bool failed() const { return failed_; }
  // Closed by both ends, or failed: nothing more will happen.
  [[nodiscard]] bool done() const { return failed_ || (remote_closed_ && fin_acknowledged_); }
  [[nodiscard]] const Ends& ends() const { return ends_; }

 private:
  TcpStream(Ends ends, std::uint32_t first_sequence) : ends_(ends), first_(first_sequence) {}

  void emit(std::uint8_t flags, std::uint32_t sequence, base::ByteView payload);
  void send_syn(base::Instant now);
  void send_more(std::size_t segments, base::Instant now);
  [[nodiscard]] std::size_t in_flight() const { return next_ - oldest_; }
  void accept_acknowledgement(std::uint32_t number, base::Instant now);
  void accept_payload(const base::Packet& packet);
  void measure(base::Duration round_trip);
  void start_timer(base::Instant now) { timer_ = now + timeout_; }
  void fail();

  Ends ends_;
  std::uint32_t first_;    // our SYN's sequence number
  bool answering_{false};  // we are the side that accepted
  bool heard_{false};      // the peer's first sequence number is known
  bool connected_{false};
  bool failed_{false};
  bool remote_closed_{false};
  bool closing_{false};
  bool fin_acknowledged_{false};

  std::uint32_t oldest_{0};    // first sequence number not acknowledged
  std::uint32_t next_{0};      // next one to send
  std::uint32_t furthest_{0};  // one behind the last ever sent
  std::uint32_t expected_{0};  // next one from the peer
  base::Bytes outbox_;         // from oldest_ on, without SYN and FIN
  base::Bytes inbox_;

  std::optional<base::Instant> timer_;
  base::Duration timeout_{std::chrono::seconds(1)};
  base::Duration smoothed_{};  // SRTT, zero: none yet
  base::Duration variation_{};
  int retries_{0};
  std::optional<base::Instant> timed_from_;  // one segment at a time is measured
  std::uint32_t timed_until_{0};
  std::vector<base::Packet> packets_;
};

}  // namespace rig::modem
