// The deadline of a test that expects an answer: long enough for a busy machine.
#pragma once

#include <chrono>

#include "power/clock.h"

namespace rig::power {

[[nodiscard]] inline Moment soon() { return now() + std::chrono::seconds(5); }

}  // namespace rig::power
