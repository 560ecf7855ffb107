// What an exploration of a campaign decided (schema.md).
#pragma once

#include <optional>
#include <string>

#include "store/store.h"

namespace rig::store {

struct Explored {
  std::uint64_t cells{};  // of the update: flash operations times torn models
  std::uint64_t decided{};
  std::uint64_t failing{};
  std::string coverage{};  // a JSON object
  bool operator==(const Explored&) const = default;
};

// Takes the place of what was told before. Part of what the next commit commits.
void set_explored(Store& store, CampaignId campaign, const Explored& explored);
// Empty: the campaign did not explore, or not to its end.
[[nodiscard]] std::optional<Explored> explored(Store& store, CampaignId campaign);

}  // namespace rig::store
