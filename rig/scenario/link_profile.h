// Link profiles as people write them: the YAML of fixtures/links and of a scenario's `link` (keys:
// README, "a link profile"). Everything wrong is base::UsageError "file:line:column: what is wrong;
// what would be right".
#pragma once

#include <filesystem>

#include "link/profile.h"
#include "scenario/yaml_reader.h"

namespace rig::scenario {

// A whole profile: up, down, outages, nat, impairments. `folder`: where traces are looked for.
[[nodiscard]] link::Profile link_profile_from(const Value& value,
                                              const std::filesystem::path& folder);

// Overrides on top of `profile`, all of its keys but `profile` itself: keys of `up` and `down`
// replace single values, `outages`, `impairments` and `during` add to what is there.
void apply_link_overrides(Section& section, const std::filesystem::path& folder,
                          link::Profile& profile);

// link_path.cc: the keys of one direction, read over what `path` has. Does not call done().
void read_path(Section& section, const std::filesystem::path& folder, link::Path& path);

[[nodiscard]] link::Nat nat_from(const Value& value);

// link_middlebox.cc: "10.66.0.1:80", and the boxes on the way that are more than a line.
[[nodiscard]] base::Endpoint endpoint_from(const Value& value);
[[nodiscard]] link::Effect names_from(const Value& value);
[[nodiscard]] link::Effect divert_from(const Value& value);

// link_impairment.cc: one entry of `impairments` or `during`.
[[nodiscard]] link::Impairment impairment_from(const Value& value,
                                               const std::filesystem::path& folder,
                                               const link::Profile& profile);

}  // namespace rig::scenario
