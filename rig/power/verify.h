// A switching that is checked against the hardware's own word: what a driver cannot see by itself,
// because the transfer of a stuck relay succeeds. It cannot see a welded or mis-wired contact;
// proof of off (power/power_domain.h) does.
#pragma once

#include <optional>

#include "power/power_switch.h"

namespace rig::power {

struct Change {
  Channel channel;
  Level level{Level::off};
};

// stuck: the channel kept its level. swapped: some other channel changed. Empty: as commanded.
enum class Mismatch : std::uint8_t { stuck, swapped };
[[nodiscard]] std::optional<Mismatch> compare(Levels before, Levels after, Change change);

struct Verified {
  Switched switched;
  std::optional<Levels> after;  // empty: this hardware cannot be read
};

// Sets, then reads back where the hardware can. `before`: the levels read beforehand (when the cut
// was armed), so that nothing is asked between the trigger and the transfer; without them only the
// channel itself is compared. SwitchError(stuck), SwitchError(swapped), and those of the driver.
[[nodiscard]] Verified set_and_verify(PowerSwitch& power, Change change, Moment deadline,
                                      std::optional<Levels> before = {});

}  // namespace rig::power
