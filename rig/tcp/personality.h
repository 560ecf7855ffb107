// What one TCP implementation does differently from another: sizes, timers, limits. Plain data,
// chosen when a connection begins.
#pragma once

#include <cstdint>

#include "base/time.h"

namespace rig::tcp {

struct Personality {
  // The largest segment, without headers: announced on the SYN, and never exceeded when sending.
  // A peer that announces none gets 536 (RFC 9293 section 3.7.1).
  std::uint16_t mss{536};
  std::uint16_t window{8192};         // receive buffer in bytes; no more is ever announced
  std::uint32_t send_buffer{8192};    // bytes written and not acknowledged
  std::uint16_t initial_segments{4};  // congestion window of a new connection, in segments

  // Retransmission, RFC 6298.
  base::Duration first_timeout{std::chrono::seconds(1)};  // before any round trip was measured
  base::Duration shortest_timeout{std::chrono::seconds(1)};
  base::Duration longest_timeout{std::chrono::seconds(60)};
  base::Duration shortest_variation{
      std::chrono::milliseconds(1)};   // G of section 2: floor of 4*RTTVAR
  bool variation_falls_slowly{false};  // once in a round trip (Linux, tcp_rtt_estimator)
  int syn_limit{6};                    // repetitions of the SYN
  int retry_limit{12};  // repetitions of anything else without an acknowledgement in between
  bool detects_spurious{false};  // F-RTO, RFC 5682, as Linux has it
  std::uint8_t even_syns{0};     // so many repetitions of the SYN come without a back-off

  // Acknowledgement: at once for every `ack_every`-th segment, for anything out of order and for
  // the first `quick_acks` segments; otherwise after `ack_delay`.
  base::Duration ack_delay{};
  // More than ack_delay: the delay doubles up to this (or the round trip) when no second segment
  // came in time, and follows the distance of segments that do (Linux, tcp_event_data_recv).
  base::Duration longest_ack_delay{};
  int ack_every{1};
  int quick_acks{0};
  bool keeps_out_of_order{true};  // false: a segment behind a gap is dropped, not kept
};

// A Linux server (tcp(7), Documentation/networking/ip-sysctl): initial window of ten segments, RTO
// of 1 s at first and 200 ms..120 s later, 6 SYNs (as a client four of them a second apart, as of
// kernel 6.5), 15 repetitions, F-RTO, an acknowledgement for
// every second segment or after 40 ms, sixteen at once at the start. `mss` follows from its
// interface: 1460 on Ethernet.
[[nodiscard]] Personality linux_server();

// lwIP as shipped (opt.h: TCP_MSS 536, TCP_SND_BUF 2*MSS, TCP_MAXRTX 12, TCP_SYNMAXRTX 6; first RTO
// 3 s; acknowledgement of every second segment, or by the 250 ms timer) with a receive window of
// `segments` * 536 bytes, 1..6 in the devices that we know (default of lwIP: 4).
[[nodiscard]] Personality small_device(std::uint16_t segments);

// The stack inside a cellular module: it answers every segment at once and has 8 KB each way.
[[nodiscard]] Personality cellular_module();

}  // namespace rig::tcp
