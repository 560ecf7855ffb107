#include "power/voltage_profile.h"

#include "base/rig_error.h"

namespace rig::power {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw base::UsageError(std::string("voltage profile: ") + what);
}

std::vector<VoltageStep> steps(const Dip& dip) {
  require(dip.from_volts >= 0 && dip.to_volts >= 0, "volts are never negative");
  require(dip.length > Duration::zero(), "a dip lasts some time");
  return {{.at = {}, .what = dip.to_volts}, {.at = dip.length, .what = dip.from_volts}};
}

std::vector<VoltageStep> steps(const Ramp& ramp) {
  require(ramp.from_volts >= 0 && ramp.to_volts >= 0, "volts are never negative");
  require(ramp.steps >= 1 && ramp.length > Duration::zero(),
          "a ramp has steps and lasts some time");
  std::vector<VoltageStep> all{{.at = {}, .what = ramp.from_volts}};
  for (int i = 1; i <= ramp.steps; ++i) {
    const double part = static_cast<double>(i) / ramp.steps;
    const double volts = ramp.from_volts + (ramp.to_volts - ramp.from_volts) * part;
    all.push_back({.at = ramp.length * i / ramp.steps, .what = volts});
  }
  all.back().what = ramp.to_volts;
  return all;
}

std::vector<VoltageStep> steps(const RapidCycles& cycles) {
  require(cycles.count >= 1, "at least one cycle");
  require(cycles.off_for > Duration::zero() && cycles.on_for > Duration::zero(),
          "off and on last some time");
  std::vector<VoltageStep> all;
  Duration at{};
  for (int i = 0; i < cycles.count; ++i) {
    all.push_back({.at = at, .what = Level::off});
    all.push_back({.at = at + cycles.off_for, .what = Level::on});
    at += cycles.off_for + cycles.on_for;
  }
  return all;
}

}  // namespace

std::vector<VoltageStep> steps_of(const VoltageProfile& profile) {
  return std::visit([](const auto& shape) { return steps(shape); }, profile);
}

}  // namespace rig::power
