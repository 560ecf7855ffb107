// A Numato USB relay module on its serial port: the shell of numato_text.h. ModemManager's AT
// probes land in the board's line buffer and would spoil the next command. So after opening, after
// a failure, and whenever the board said something unasked, the driver first ends the line in the
// buffer and waits for the prompt (20 ms); otherwise a command goes out at once.
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
  // Ends the line that may stand in the buffer, then waits for the last prompt.
  void find_prompt(Moment deadline);
  // Finds the prompt if need be.
  void get_in_step(Moment deadline);
  // The answer to `command`. SwitchError(garbled) when the board echoes anything else.
  [[nodiscard]] std::string exchange(const std::string& command, Moment deadline);

  Stream port_;
  SwitchTraits traits_;
  bool in_step_{false};  // the board waits at its prompt, its line buffer empty
};

}  // namespace rig::power
