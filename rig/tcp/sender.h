// The sending half of a connection: what was written and not acknowledged, when it goes out, and
// when it goes out again. Pure; hands out segments, which connection.h addresses.
//
// A timeout sends the oldest segment again and then goes back to it (RFC 6298 section 5, RFC 5681
// section 3.1), unless F-RTO finds that nothing was lost; three duplicate acknowledgements do the
// same for one segment (fast retransmit and recovery, RFC 5681 section 3.2 and RFC 6582). There is
// no Nagle delay: what is written is sent as soon as the windows allow, but in whole segments as
// long as more is waiting (RFC 9293 section 3.8.6.2.1). A closed window is probed with empty
// segments of an old number, as Linux does, with back-off and for as long as they are answered.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "tcp/congestion.h"
#include "tcp/personality.h"
#include "tcp/round_trip.h"

namespace rig::tcp {

struct Segment {
  std::uint8_t flags{};  // without ACK, except for the answer to a SYN
  std::uint32_t sequence{};
  base::Bytes payload;
};

class Sender {
 public:
  Sender(const Personality& personality, std::uint32_t first_sequence);

  // Sends the SYN with these flags; 'accept' of a SYN adds ACK.
  void start(std::uint8_t flags, base::Instant now);
  // The peer has repeated its SYN: it did not get the answer.
  void repeat_syn(base::Instant now);
  // What the peer's SYN says. No option: 0.
  void learn_peer(std::uint16_t mss, std::uint16_t window);
  // A packet with the ACK flag; also when it acknowledges nothing new.
  void acknowledge(const base::Packet& packet, base::Instant now);
  // Bytes taken: as many as the send buffer has room for, none after close().
  [[nodiscard]] std::size_t write(base::ByteView bytes, base::Instant now);
  void close(base::Instant now);
  void advance(base::Instant now);
  void stop() { timer_.reset(); }

  [[nodiscard]] std::optional<base::Instant> wake_time() const { return timer_; }
  [[nodiscard]] std::vector<Segment> take_segments();

  // The SYN was acknowledged.
  [[nodiscard]] bool connected() const { return connected_; }
  // Too many repetitions without an answer.
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  [[nodiscard]] bool closing() const { return closing_; }
  [[nodiscard]] bool fin_acknowledged() const { return fin_acknowledged_; }
  [[nodiscard]] std::size_t unacknowledged() const { return outbox_.size(); }
  [[nodiscard]] std::size_t room() const { return limits_.send_buffer - outbox_.size(); }
  // The number behind everything sent so far; a bare acknowledgement carries it.
  [[nodiscard]] std::uint32_t furthest() const { return furthest_; }
  [[nodiscard]] std::uint32_t largest_peer_window() const { return largest_window_; }
  [[nodiscard]] std::uint32_t mss() const { return mss_; }
  // Zero: none was measured.
  [[nodiscard]] base::Duration round_trip() const { return round_trip_.smoothed(); }
  // Segments that were sent more than once, probes not counted.
  [[nodiscard]] std::uint64_t repeated() const { return repeated_; }

 private:
  struct Sent {
    std::uint32_t end{};
    base::Instant at{};
    bool repeated{false};
  };
  // F-RTO: what the next acknowledgement after a timeout decides.
  enum class Doubt : std::uint8_t { none, first_answer, second_answer };
  struct Removed {
    std::optional<base::Duration> round_trip;  // Karn: absent when any of it was repeated
    bool original{false};                      // some of it was sent only once
  };

  void send_syn(base::Instant now);
  void send_more(base::Instant now);
  // The length of the segment that may go out now; absent: none may.
  [[nodiscard]] std::optional<std::size_t> next_length() const;
  void send_segment(std::size_t length, base::Instant now);
  void measure(base::Duration round_trip, std::uint32_t number);
  void note_sent(std::uint32_t begin, base::Instant now);
  [[nodiscard]] bool take_window(const base::Packet& packet);
  void duplicate(base::Instant now);
  void progress(std::uint32_t number, base::Instant now);
  void count_progress(const Removed& removed, std::uint32_t bytes, std::uint32_t flight,
                      base::Instant now);
  void progress_after_timeout(const Removed& removed);
  [[nodiscard]] Removed remove_sent(std::uint32_t number, base::Instant now);
  void drop_acknowledged(std::uint32_t number);
  void resend_oldest(base::Instant now);
  void timed_out(base::Instant now);
  void probe(base::Instant now);
  void start_timer(base::Instant now) { timer_ = now + round_trip_.timeout(); }

  Personality limits_;
  std::uint32_t mss_;
  RoundTrip round_trip_;
  Congestion congestion_;

  std::uint8_t syn_flags_{};
  bool connected_{false};
  bool gave_up_{false};
  bool closing_{false};
  bool fin_acknowledged_{false};

  std::uint32_t first_;       // the SYN's sequence number
  std::uint32_t oldest_;      // first sequence number not acknowledged
  std::uint32_t next_;        // next one to send
  std::uint32_t furthest_;    // one behind the last ever sent
  std::uint32_t recover_{0};  // furthest_ when a loss was noticed
  std::uint32_t sampled_{0};  // furthest_ when a round trip was last the first of its kind
  bool timed_out_{false};     // and not everything up to recover_ is acknowledged since
  Doubt doubt_{Doubt::none};
  // Of what was sent after the timeout: as much as duplicates since then say has arrived.
  std::uint32_t arrived_behind_{0};
  std::uint32_t window_{0};  // the peer's, from oldest_ on
  std::uint32_t largest_window_{0};
  std::uint32_t window_sequence_{0};  // SND.WL1 and SND.WL2 of RFC 9293
  std::uint32_t window_number_{0};
  base::Bytes outbox_;  // from oldest_ on, without SYN and FIN
  std::vector<Sent> sent_;

  std::optional<base::Instant> timer_;
  bool probing_{false};
  base::Duration probe_after_{};
  int retries_{0};
  std::uint64_t repeated_{0};
  std::vector<Segment> segments_;
};

}  // namespace rig::tcp
