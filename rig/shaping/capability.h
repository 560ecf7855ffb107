// Which engine can carry out which profile. Pure: the one table that every engine asks before it
// changes anything, and from which a refusal names the engine that can.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "link/shaped_link.h"

namespace rig::shaping {

enum class Engine : std::uint8_t { relay, packets, netem };

[[nodiscard]] std::string name_of(Engine engine);
[[nodiscard]] std::optional<Engine> engine_named(std::string_view name);

// What the engine cannot express, each as "loss on TCP: what the relay has read has arrived";
// empty: it can. `carries_tcp`: of the relay, whose UDP can lose datagrams.
[[nodiscard]] std::vector<std::string> beyond(Engine engine, const link::Profile& profile,
                                              bool carries_tcp = true);

// Throws base::UsageError that names each reason and the engines that can.
void refuse_beyond(Engine engine, const link::Profile& profile, bool carries_tcp = true);

}  // namespace rig::shaping
