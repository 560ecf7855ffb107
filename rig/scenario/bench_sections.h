// The two halves of a bench file, read on their own. Internal to bench.cc.
#pragma once

#include <set>
#include <string>

#include "scenario/bench.h"
#include "scenario/yaml_reader.h"

namespace rig::scenario {

// Ports that something on the bench already uses.
class UsedPorts {
 public:
  // Throws at `value` when the port was named before. `name` is how the two would be the same.
  void take(const Value& value, const std::string& name);

 private:
  std::set<std::string> taken_;
};

[[nodiscard]] SwitchSpec switch_from(const Value& value, UsedPorts& ports);
[[nodiscard]] ProbeSpec probe_from(const Value& value);
[[nodiscard]] LinkSpec link_spec_from(const Value& value, UsedPorts& ports);
[[nodiscard]] BenchBoard bench_board_from(const Value& value, const Bench& bench, UsedPorts& ports);

}  // namespace rig::scenario
