// The one place of this module that knows what time it is. Pure parts are given the moment.
#pragma once

#include "power/power_switch.h"

namespace rig::power {

[[nodiscard]] Moment now();

// Milliseconds until `deadline` for poll(2) and libusb: rounded up, never negative, never endless.
[[nodiscard]] int milliseconds_left(Moment deadline);

}  // namespace rig::power
