// What a loss of power leaves behind besides flash, on a simulated board that is alone: numbers for
// rests that are equal, and for each number a cycle to recover from.
//
// A board without power has lost everything but flash and, with a supply of their own, its backup
// registers; instants count from the return of power, for the runner as well. What came before
// matters to the verdict only, through what the judge remembers of it (record::history_of). So
// these two are the rest. Boards that are not alone, or that keep their RAM, are refused.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "board/sim_bench.h"
#include "explore/trace.h"

namespace rig::explore {

class SimRests {
 public:
  explicit SimRests(const scenario::Scenario& scenario);
  SimRests(const SimRests&) = delete;
  SimRests& operator=(const SimRests&) = delete;

  // Of a cycle whose board has just been cut off. Any thread.
  // Throws base::UsageError: something takes part that is not accounted for.
  [[nodiscard]] RestNumber number_of(const board::SimCycle& cycle);
  // A cycle with this rest, without power and without memory: plant a flash image and run it.
  [[nodiscard]] board::SimCycle cycle(RestNumber rest) const;
  [[nodiscard]] std::size_t size() const;

 private:
  [[nodiscard]] std::string key_of(const board::SimCycle& cycle) const;

  const record::Contract contract_;
  const bool keeps_backup_;
  mutable std::mutex mutex_;
  std::map<std::string, RestNumber> numbers_;
  std::deque<board::SimCycle> cycles_;
};

// The cut that a sweep makes at a cell of the update itself.
[[nodiscard]] record::CutPlan cut_at(const scenario::Sweep& sweep, std::uint64_t operation,
                                     record::TornModel torn);

}  // namespace rig::explore
