// The profiles over which the transport model is compared with the kernel's TCP: what the link
// does, what the client announces, how much is sent. Each takes at most a minute or two of real
// time, and all of them run side by side.
//
// With loss one lost packet more or less decides about seconds, on the kernel as in the model, and
// a timeout that doubles about minutes: there a profile is a number of transfers that lose other
// packets each, and their geometric means are compared.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "unit/tcp/transfer.h"

namespace rig::bench {

struct TcpProfile {
  std::string name;
  double rate_bps{};
  int delay_ms{};
  std::uint16_t mss{536};
  std::uint16_t window{3216};
  std::size_t bytes{};
  // Of the server's data packets: so many per cent, in runs of so many, by chance; 0: none lost.
  double loss_percent{0};
  std::uint64_t run{1};
  // Or of every `of` the first `pass` are not lost: the same on the kernel and in the model.
  std::uint64_t pass{0};
  std::uint64_t of{0};
  // Or of bursts (what follows within half a second) all but the first packet, by chance.
  double tail_percent{0};

  // The n-th data packet of the transfer with this seed.
  [[nodiscard]] bool loses(std::uint64_t n, std::uint64_t seed) const;
  [[nodiscard]] int transfers() const {
    return loss_percent + tail_percent > 0 ? kLossyTransfers : 1;
  }
  static constexpr int kLossyTransfers = 16;
};

[[nodiscard]] std::vector<TcpProfile> tcp_profiles();
[[nodiscard]] link::Profile link_of(const TcpProfile& profile);
// How long the model takes, in seconds: many transfers where packets are lost, else one. Negative:
// it did not finish.
[[nodiscard]] std::vector<double> model_seconds(const TcpProfile& profile);
// Every packet of one transfer of the model, on stdout.
void trace_model(const TcpProfile& profile);
// " 12.345678 down S.. seq 0 ack 1 length 536", numbers counted from the first one of that side.
void print_packet(base::Instant at, base::Direction direction, const base::Packet& packet);

}  // namespace rig::bench
