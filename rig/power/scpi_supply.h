// A programmable bench supply as a power switch, and as the source of voltage profiles: the shell
// of scpi_text.h. Every command is followed by *OPC?, so an interval ends when the supply says it
// has done it, and by a look at its error queue.
//
// What its output capacitors hold is the supply's own affair: measure_volts() is the declared sense
// that can prove an off.
#pragma once

#include <optional>
#include <vector>

#include "power/scpi_link.h"
#include "power/voltage_profile.h"

namespace rig::power {

struct PlayedStep {
  VoltageStep step;
  Switched switched;
};

class ScpiSupply final : public PowerSwitch {
 public:
  // Clears the supply's error queue; its outputs stay as they are. `outputs` from 1.
  ScpiSupply(ScpiLink link, std::uint8_t outputs, Moment deadline);

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }
  // An output that is off right after it was switched on (its protection has tripped) is
  // SwitchError(refused).
  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override;
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override;

  [[nodiscard]] Switched set_volts(Channel channel, double volts, Moment deadline);
  [[nodiscard]] double measure_volts(Channel channel, Moment deadline);
  // Blocks for the length of the profile. The last step leaves the supply as the profile ends.
  [[nodiscard]] std::vector<PlayedStep> play(Channel channel, const VoltageProfile& profile,
                                             Moment deadline);

 private:
  void select(Channel channel, Moment deadline);
  // Line and completion in one interval, then the error queue.
  [[nodiscard]] Switched carry_out(const std::string& line, Moment deadline);
  void complain_about_errors(const std::string& line, Moment deadline);
  void complain_when_off(const std::string& line, Moment deadline);
  [[nodiscard]] Switched take(const VoltageStep& step, Moment deadline);

  ScpiLink link_;
  SwitchTraits traits_;
};

}  // namespace rig::power
