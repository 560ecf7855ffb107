// An LCUS relay board on a serial port: the shell of lcus_frame.h. The board acknowledges nothing;
// a set is done when its four bytes have left and the contact has had its time.
#pragma once

#include "power/lcus_frame.h"
#include "power/stream.h"

namespace rig::power {

inline constexpr int kLcusBaud = 9600;

class LcusRelay final : public PowerSwitch {
 public:
  // Whether the board answers status requests: `ask` finds out when it is opened, which costs
  // 300 ms on a board that does not.
  enum class Status : std::uint8_t { ask, answers, silent };

  // `port` at kLcusBaud; `channels` 1..8.
  LcusRelay(Stream port, std::uint8_t channels, Status status = Status::ask);

  [[nodiscard]] const SwitchTraits& traits() const override { return traits_; }
  [[nodiscard]] Switched set(Channel channel, Level level, Moment deadline) override;
  // Empty on a silent board. A board that once answered and does not: SwitchError(no_answer).
  [[nodiscard]] std::optional<Levels> read_back(Moment deadline) override;

 private:
  // Empty when nothing at all came.
  [[nodiscard]] std::optional<Levels> status(Moment deadline);

  Stream port_;
  SwitchTraits traits_;
};

}  // namespace rig::power
