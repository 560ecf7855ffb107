// Which cycles of a night are done, under way, or still to come. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace rig::campaign {

class Schedule {
 public:
  // `cycles`: so many in all; absent: as long as somebody asks. `done`: those that an earlier
  // controller finished.
  Schedule(std::optional<std::uint64_t> cycles, const std::vector<std::uint64_t>& done);

  // The first cycle that is neither done nor under way and that `fits` the board that asks. From
  // then on it is under way. Those passed over wait for a board that they fit.
  [[nodiscard]] std::optional<std::uint64_t> next(const std::function<bool(std::uint64_t)>& fits);
  void finished(std::uint64_t index);
  // It was not carried out; whoever asks next may have it.
  void give_back(std::uint64_t index);

  [[nodiscard]] std::uint64_t done() const { return done_; }
  [[nodiscard]] std::optional<std::uint64_t> wanted() const { return cycles_; }
  [[nodiscard]] bool complete() const { return cycles_ && done_ >= *cycles_; }

 private:
  std::optional<std::uint64_t> cycles_;
  std::uint64_t next_{0};               // everything from here on was never handed out
  std::set<std::uint64_t> waiting_;     // below next_, neither done nor under way
  std::set<std::uint64_t> done_ahead_;  // at or above next_, done by an earlier controller
  std::uint64_t done_{0};
};

}  // namespace rig::campaign
