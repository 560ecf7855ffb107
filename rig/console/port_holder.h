// Who has a device open, for the message that says why we have not.
#pragma once

#include <string>

namespace rig::console {

// "picocom (process 4711)"; where /proc does not show it, "another program" and what is usual.
[[nodiscard]] std::string holder_of(const std::string& node);

}  // namespace rig::console
