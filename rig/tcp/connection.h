// One end of a TCP connection in virtual time, carried in base::Packet with protocol tcp: the
// transport model that both the modem's sockets and the rig's server stand on. Pure; a value;
// packets and `now` in, packets out, and the instant at which it wants to be called next.
//
// What it does (RFC 9293 unless said): SYN, SYN-ACK, ACK with the MSS option; receive window, never
// scaled, 65535 bytes at most; slow start, congestion avoidance, fast retransmit and recovery (RFC
// 5681, 6582, 3042); retransmission timer (RFC 6298) with back-off and Karn's rule; F-RTO (RFC
// 5682); delayed acknowledgements (RFC 1122 section 4.2.3.2); probes of a closed window; FIN both
// ways; RST. How much of it, and with which constants, is in personality.h.
// What it does not: SACK, time-stamps, window scaling (a peer without them, as all small devices
// are, makes Linux do without them too), ECN, Nagle, keep-alive, urgent data, simultaneous open,
// challenge acknowledgements. A connection that is over answers a repeated FIN for as long as its
// owner keeps it: that is TIME-WAIT; for a connection that is gone the owner answers with a RST.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "tcp/personality.h"
#include "tcp/receiver.h"
#include "tcp/sender.h"

namespace rig::tcp {

struct Ends {
  base::Endpoint local;
  base::Endpoint remote;
  auto operator<=>(const Ends&) const = default;
};

class Connection {
 public:
  // Sends the SYN. `first_sequence` should be hard to guess; the caller draws it.
  [[nodiscard]] static Connection connect(Ends ends, const Personality& personality,
                                          std::uint32_t first_sequence, base::Instant now);
  // The answering side: `syn` is the packet that asked for it.
  [[nodiscard]] static Connection accept(const base::Packet& syn, const Personality& personality,
                                         std::uint32_t first_sequence, base::Instant now);

  void receive(const base::Packet& packet, base::Instant now);
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<base::Packet> take_packets();

  // Bytes taken: as many as the send buffer has room for, none after close().
  [[nodiscard]] std::size_t write(base::ByteView bytes, base::Instant now);
  // Written and not acknowledged.
  [[nodiscard]] std::size_t unacknowledged() const { return sender_.unacknowledged(); }
  // What a writer should add so that the peer's window never runs dry: enough to fill it twice.
  [[nodiscard]] std::size_t useful_room() const;
  // An acknowledgement that was not taken yet tells the room that this makes; it may send one that
  // opens the window again.
  [[nodiscard]] base::Bytes read(std::size_t limit);
  [[nodiscard]] std::size_t unread() const { return receiver_.unread(); }
  // No more to write; the FIN follows what was written.
  void close(base::Instant now);
  // Gone at once, with a RST.
  void abort();

  [[nodiscard]] bool connected() const { return sender_.connected() && !failed_; }
  // The peer has sent its FIN and everything before it has arrived.
  [[nodiscard]] bool remote_closed() const { return receiver_.closed(); }
  // Reset by the peer, or given up.
  [[nodiscard]] bool failed() const { return failed_; }
  // close() was called, or it is over.
  [[nodiscard]] bool closing() const { return sender_.closing() || failed_; }
  // Our FIN was sent and acknowledged.
  [[nodiscard]] bool all_sent() const { return sender_.fin_acknowledged(); }
  // Closed by both ends, or failed: nothing more will happen.
  [[nodiscard]] bool done() const { return failed_ || (remote_closed() && all_sent()); }
  [[nodiscard]] const Ends& ends() const { return ends_; }
  // Segments that were sent more than once.
  [[nodiscard]] std::uint64_t repeated() const { return sender_.repeated(); }

 private:
  Connection(Ends ends, const Personality& personality, std::uint32_t first_sequence);

  [[nodiscard]] bool take_syn(const base::Packet& packet);
  void flush();
  void emit(Segment segment);
  void send_acknowledgement();
  void owe_acknowledgement(Receiver::Urgency urgency, base::Instant now);
  void fail();

  Ends ends_;
  Personality personality_;
  Sender sender_;
  Receiver receiver_;
  bool heard_{false};  // the peer's first sequence number is known
  bool failed_{false};
  int owed_{0};  // segments that were received and not acknowledged
  int quick_left_;
  std::optional<base::Instant> acknowledge_at_;
  std::vector<base::Packet> packets_;
};

}  // namespace rig::tcp
