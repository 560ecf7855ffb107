// A download in virtual time: a client connects to a server over a shaped link, the server sends so
// many bytes and closes, the client reads everything at once. Events are packets and timers, so
// hours at 320 bit/s take milliseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/bytes.h"
#include "link/shaped_link.h"
#include "tcp/personality.h"

namespace rig::tcp {

struct Download {
  link::Profile link;
  Personality server;
  Personality client;
  std::size_t bytes{};
  // Of the server's packets with data, the n-th (from 0) is lost before it reaches the line.
  std::function<bool(std::uint64_t)> lost{};
  base::Duration limit{std::chrono::hours(24)};
  std::uint64_t seed{1};  // of the link
  // Every packet as it is sent, lost ones too.
  std::function<void(base::Instant, base::Direction, const base::Packet&)> sent{};
};

struct Outcome {
  bool complete{false};   // every byte, in order, and both ends closed in peace
  base::Duration took{};  // from the SYN until the last byte was read
  std::uint64_t data_packets{0};
  std::uint64_t repeated{0};  // segments of the server that went out more than once
  std::uint64_t lost{0};
  std::uint64_t steps{0};  // calls of the loop: what it costs
};

[[nodiscard]] Outcome run(const Download& download);

// The same rate and delay both ways.
[[nodiscard]] link::Profile symmetric(double rate_bps, base::Duration delay);

// From a byte pattern that repeats nowhere near.
[[nodiscard]] base::Bytes pattern(std::size_t size);

}  // namespace rig::tcp
