// What the commands that ask stored history have in common: times, percentages and names as users
// write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace rig::cli {

// The instant that "2026-11-20", "2026-11-20T18:00" (UTC), "7d", "36h" (before now) or "90min"
// names, in microseconds since 1970. Empty text: nothing. Throws base::UsageError naming `option`.
[[nodiscard]] std::optional<std::int64_t> instant_from(const std::string& option,
                                                       const std::string& text);

// 0..1, exclusive, from "1%" or "0.01". Throws base::UsageError naming `option`.
[[nodiscard]] double share_from(const std::string& option, const std::string& text);

// The name that a scenario has in the store, from that name or from its file.
[[nodiscard]] std::string stored_scenario_name(const std::string& text);

}  // namespace rig::cli
