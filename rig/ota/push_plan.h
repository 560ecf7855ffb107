// Which module a device should be sent next: a pure decision from what it reported, what the
// operator wants and what the catalogue has. Policy: update_server.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ota/catalogue.h"
#include "ota/describe.h"
#include "ota/protocol.h"

namespace rig::ota {

// Versions wanted on the device; absent: leave as it is.
struct Target {
  std::optional<std::uint16_t> user{};
  std::optional<std::uint16_t> system{};
  std::optional<std::uint16_t> bootloader{};
  bool operator==(const Target&) const = default;
};

[[nodiscard]] std::optional<std::uint16_t> wanted(const Target& target, ModuleFunction function);

// How often each module was offered.
using OfferCounts = std::map<std::pair<ModuleFunction, std::uint16_t>, std::uint32_t>;

struct PushQuestion {
  const Catalogue& catalogue;
  const Describe& describe;
  const Target& target;
  const OfferCounts& offered;
  DeviceMode mode{DeviceMode::normal};
  bool healing{true};
  std::uint32_t offers{0};  // at most so many of one module; 0: no limit
};

struct Push {
  const CatalogueEntry* entry{};
  std::string healing;  // why, when the healer chose it: "module=system ver=700 because user 2 ..."
};

struct PushPlan {
  std::optional<Push> next;        // empty: nothing to send
  std::vector<std::string> notes;  // what is wanted but cannot be sent, and why
};

[[nodiscard]] PushPlan plan_push(const PushQuestion& question);

// Every wanted version is reported, intact. False when nothing is wanted.
[[nodiscard]] bool target_reached(const Target& target, const Describe& describe);

}  // namespace rig::ota
