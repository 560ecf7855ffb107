// What was asked of a soak: typed by a user, or read back from the row of a night that goes on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/retention.h"

namespace rig::cli {

struct SoakOptions {
  std::vector<std::string> scenarios{};
  std::string length{};  // "8h"
  std::optional<std::uint64_t> cycles{};
  std::optional<std::uint64_t> seed{};
  std::optional<unsigned> sim{};      // so many simulated boards
  std::vector<std::string> boards{};  // of the bench; empty: all of them
  std::vector<std::uint32_t> weights{};
  std::vector<std::string> links{};
  std::uint32_t control_every{50};
  std::string name{};
  // Of the latest so many cycles all timelines are kept (store/retention.h).
  std::uint64_t keep_timelines{store::LatestTimelines::kKeep};
  std::string policy{};       // file, for messages
  std::string policy_text{};  // what was in it when the night began
  // By scenario, what a control run on a real board showed (soak_real.h).
  std::map<std::string, std::string> strata{};
};

// What has to be the same when the night goes on; length, cycles, seed and name have columns of
// their own. `bench`: the file, if there is one.
[[nodiscard]] std::map<std::string, std::string> row_of(const SoakOptions& options,
                                                        const std::string& bench);
[[nodiscard]] SoakOptions options_of(const std::map<std::string, std::string>& row);

// Throws base::UsageError for what cannot be: neither or both of --for and --cycles, weights that
// do not fit the scenarios, ..
void check(const SoakOptions& options);
[[nodiscard]] std::optional<base::Duration> length_of(const SoakOptions& options);

}  // namespace rig::cli
