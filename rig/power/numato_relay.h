// A Numato USB relay module on its serial port: the shell of numato_text.h. Before every command it
// ends whatever stands in the board's line buffer (ModemManager's AT probes land there) and waits
// for the prompt; so a disturbed board costs an exchange, not a cycle.
#pragma once

#include "power/numato_text.h"
#include "power/stream.h"

namespace rig::power {

inline constexpr int kNumatoBaud = 19200;  // any: the port is virtual

class NumatoRelay final : public PowerSwitch {
 public:
  // `channels` is 1, 2, 4, 8, 16, 32 or 64; channels are numbered from 0, as on the board.
  NumatoRelay(Stream port, std::uint8_t channels);

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }
  // Done when the prompt is back.
  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override;
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override;

 private:
  void find_prompt(Moment deadline);
  // The answer to `command`. SwitchError(garbled) when the board echoes anything else.
  [[nodiscard]] std::string exchange(const std::string& command, Moment deadline);

  Stream port_;
  SwitchTraits traits_;
};

}  // namespace rig::power
