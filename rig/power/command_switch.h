// Anything else: a program per action ("uhubctl", a network outlet's tool, a script). Exit status 0
// is done; everything it printed is kept for the error. No shell sees the arguments.
#pragma once

#include <string>
#include <vector>

#include "power/power_switch.h"

namespace rig::power {

// In every argument "{channel}" stands for the channel's number. `state` may be empty: not
// readable. Otherwise its last word of output is on, off, 1 or 0, or it exits with an error.
struct CommandActions {
  std::vector<std::string> on;
  std::vector<std::string> off;
  std::vector<std::string> state;
};

class CommandSwitch final : public PowerSwitch {
 public:
  // Actions without a program to run are a base::UsageError.
  CommandSwitch(SwitchTraits traits, CommandActions actions);

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }
  // SwitchError: refused (exit status, with its output), no_answer (killed at the deadline),
  // absent.
  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override;
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override;

 private:
  SwitchTraits traits_;
  CommandActions actions_;
};

// Pure: what to run for a channel; what a state program said.
[[nodiscard]] std::vector<std::string> arguments_for(const std::vector<std::string>& action,
                                                     Channel channel);
[[nodiscard]] std::optional<Level> parse_state_output(std::string_view output);

}  // namespace rig::power
