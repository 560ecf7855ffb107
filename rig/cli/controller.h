// Processes as a soak remembers who runs it: a number alone is soon another process's.
#pragma once

#include "store/soak_rows.h"

namespace rig::cli {

[[nodiscard]] store::Controller this_process();
// Still there, and the same. What cannot be read is taken for dead.
[[nodiscard]] bool is_alive(const store::Controller& controller);

}  // namespace rig::cli
