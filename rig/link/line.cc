#include "link/line.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"

namespace rig::link {
namespace {

using base::Duration;
using base::Instant;

// One bit takes 10^12 / rate in thousandths of a bit per second nanoseconds.
constexpr std::uint64_t kBitNumerator = 1'000'000'000'000;
// Keeps bits * kBitNumerator plus a remainder within 64 bits; IPv4 ends at 65535.
constexpr std::uint64_t kMaximumLineBytes = 1'000'000;

constexpr Duration milliseconds(std::uint64_t count) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(count));
}

Instant time_of(const Trace& trace, std::uint64_t opportunity) {
  const std::uint64_t round = opportunity / trace.milliseconds.size();
  return base::kCycleStart +
         milliseconds(round * trace.period_ms() +
                      trace.milliseconds[opportunity % trace.milliseconds.size()]);
}

// The first one at or after an instant. The end of one round and a 0 of the next are the same time.
std::uint64_t opportunity_at(const Trace& trace, Instant at) {
  const auto whole_ms = static_cast<std::uint64_t>(
      std::chrono::ceil<std::chrono::milliseconds>(at.time_since_epoch()).count());
  const std::uint64_t round = whole_ms == 0 ? 0 : (whole_ms - 1) / trace.period_ms();
  const auto& times = trace.milliseconds;
  const auto found = std::ranges::lower_bound(times, whole_ms - round * trace.period_ms());
  return round * times.size() + static_cast<std::uint64_t>(found - times.begin());
}

}  // namespace

Instant Line::next_opportunity(const Trace& trace, Instant begin) {
  opportunity_ = std::max(opportunity_, opportunity_at(trace, begin));
  opportunity_bytes_ = trace.opportunity_bytes;
  return time_of(trace, opportunity_++);
}

Instant Line::depart(const Path& path, std::uint64_t line_bytes, Instant offered) {
  RIG_ASSERT(line_bytes <= kMaximumLineBytes);
  if (free_at_ <= offered) {
    if (free_at_ < offered) opportunity_bytes_ = 0;
    free_at_ = offered;
    remainder_ = 0;
  }
  if (!path.trace.empty()) {
    for (std::uint64_t left = line_bytes; left > 0;) {
      if (opportunity_bytes_ == 0) free_at_ = next_opportunity(path.trace, free_at_);
      const std::uint64_t taken = std::min(left, opportunity_bytes_);
      opportunity_bytes_ -= taken;
      left -= taken;
    }
  } else if (path.rate_bps != 0) {
    const auto rate_mbps = static_cast<std::uint64_t>(std::llround(path.rate_bps * 1000));
    const std::uint64_t total = line_bytes * 8 * kBitNumerator + remainder_;
    free_at_ += Duration(static_cast<std::int64_t>(total / rate_mbps));
    remainder_ = total % rate_mbps;
  }
  return free_at_;
}

}  // namespace rig::link
