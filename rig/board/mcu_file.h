// Chips that users describe: fixtures/mcus/<name>.yaml. Keys: README, "Test your own bootloader".
#pragma once

#include <filesystem>

#include "simulator/mcu_description.h"

namespace rig::board {

// Throws base::UsageError "file:line:column: what is wrong; what would be right": besides YAML that
// makes no sense a geometry that does not add up, memories that overlap or that the simulator has
// no room for.
[[nodiscard]] simulator::McuDescription read_mcu(const std::filesystem::path& file);

}  // namespace rig::board
