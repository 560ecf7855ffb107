#include "campaign/schedule.h"

namespace rig::campaign {
namespace {

// Boards that fit nothing must not make a list of the whole future.
constexpr std::size_t kMostWaiting = 10'000;

}  // namespace

Schedule::Schedule(std::optional<std::uint64_t> cycles, const std::vector<std::uint64_t>& done)
    : cycles_(cycles), done_ahead_(done.begin(), done.end()), done_(done_ahead_.size()) {}

std::optional<std::uint64_t> Schedule::next(const std::function<bool(std::uint64_t)>& fits) {
  for (const std::uint64_t index : waiting_) {
    if (!fits(index)) continue;
    waiting_.erase(index);
    return index;
  }
  while ((!cycles_ || next_ < *cycles_) && waiting_.size() < kMostWaiting) {
    const std::uint64_t index = next_++;
    if (done_ahead_.erase(index) > 0) continue;
    if (fits(index)) return index;
    waiting_.insert(index);
  }
  return std::nullopt;
}

void Schedule::finished(std::uint64_t) { ++done_; }

void Schedule::give_back(std::uint64_t index) { waiting_.insert(index); }

}  // namespace rig::campaign
