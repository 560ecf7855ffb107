// What a programmable supply does to a board besides cutting it: dips, slow ramps, rapid cycles.
// Pure: a profile becomes a list of steps with their distances from the first. How exactly a supply
// keeps to them (tens of milliseconds a command) is told afterwards by the interval of each step.
#pragma once

#include <variant>
#include <vector>

#include "power/power_switch.h"

namespace rig::power {

// Down to `to_volts` for `length`, and back: a brown-out when the board's reset threshold is above.
struct Dip {
  double from_volts{};
  double to_volts{};
  Duration length{};
};

// From one voltage to another in `steps` equal steps over `length`; the first after one step's
// time, the last exactly at `to_volts`.
struct Ramp {
  double from_volts{};
  double to_volts{};
  Duration length{};
  int steps{1};
};

// The output off and on again `count` times: what makes boot loops out of weak supplies.
struct RapidCycles {
  int count{1};
  Duration off_for{};
  Duration on_for{};
};

using VoltageProfile = std::variant<Dip, Ramp, RapidCycles>;

struct VoltageStep {
  Duration at{};                     // from the first step
  std::variant<double, Level> what;  // volts, or the output as a whole
};

// Negative volts, lengths or counts, and no steps at all are a base::UsageError.
[[nodiscard]] std::vector<VoltageStep> steps_of(const VoltageProfile& profile);

}  // namespace rig::power
