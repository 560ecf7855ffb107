// What a loss of power leaves behind besides flash, on a simulated board: numbers for rests that
// are equal, and for each number a cycle to recover from.
//
// Alone (a staged update, no modem, no server):
// A board without power has lost everything but flash and, with a supply of their own, its backup
// registers; instants count from the return of power, for the runner as well. What came before
// matters to the verdict only, through what the judge remembers of it (record::history_of). So
// these two are the rest.
//
// With a modem, a network and a server: all cuts branch off one execution, so whatever is around
// the board is the same at two cuts if nothing reached it, and none of its timers ran, in between
// (Surroundings::touches()); and so is the runner if it was told nothing in between. What differs
// is the instant. Nothing around the board remembers when a supply went, only that it did; and so
// that timers, counted from instants before the cut, are as far away in both when power returns,
// power returns on a grid (CutPlan::grid): at the very same instant for all cuts of a step. A cut
// while something is on its way to the modem is like no other.
//
// An external watchdog begins anew with the board's power. Boards that keep their RAM are refused.
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

  struct Cut {
    const board::SimCycle& cycle;  // its board has just been cut off
    std::size_t from{};            // the first event of its timeline that came with the cut
    bool quiet{};                  // simulator::Mcu::quiet() before
  };
  struct Numbered {
    RestNumber rest{};
    bool like_no_other{};  // the next cut leaves another one, whatever it looks like
  };
  // Any thread. Throws base::UsageError: something takes part that is not accounted for.
  [[nodiscard]] Numbered number_of(const Cut& cut);
  // A cycle with this rest, without power and without memory: plant a flash image and run it.
  [[nodiscard]] board::SimCycle cycle(RestNumber rest) const;
  [[nodiscard]] std::size_t size() const;
  // No modem and no server take part.
  [[nodiscard]] bool alone() const { return alone_; }

 private:
  [[nodiscard]] std::string key_of(const board::SimCycle& cycle) const;

  const record::Contract contract_;
  const bool keeps_backup_;
  const bool alone_;
  mutable std::mutex mutex_;
  std::map<std::string, RestNumber> numbers_;
  std::deque<board::SimCycle> cycles_;
};

// The cut that an exploration makes at a cell of the update itself; the scenario has a sweep.
[[nodiscard]] record::CutPlan cut_at(const scenario::Scenario& scenario, std::uint64_t operation,
                                     record::TornModel torn);

}  // namespace rig::explore
