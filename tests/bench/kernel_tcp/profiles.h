// The profiles over which the transport model is compared with the kernel's TCP: what the link
// does, what the client announces, how much is sent. Each takes at most a minute or two of real
// time, and all of them run side by side.
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
  // Of the server's data packets `pass` get through, then `lose` are lost, and so on; 0: none lost.
  std::uint64_t pass{0};
  std::uint64_t lose{0};

  [[nodiscard]] bool loses(std::uint64_t n) const { return lose > 0 && n % (pass + lose) >= pass; }
};

[[nodiscard]] std::vector<TcpProfile> tcp_profiles();
[[nodiscard]] link::Profile link_of(const TcpProfile& profile);
// How long the model takes, in seconds; negative when it did not finish.
[[nodiscard]] double model_seconds(const TcpProfile& profile);

}  // namespace rig::bench
