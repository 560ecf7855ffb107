// What a cycle must prove: the part of a scenario that the judge reads. Plain values; made by
// scenario/plan.h, kept beside a stored timeline so that it can be judged again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/cut_plan.h"
#include "record/verdict.h"

namespace rig::record {

// Version numbers as the device reports them: 0.7.0 is 700, user application v2 is 2, and 0 is the
// factory application. Absent: not asked for, or not known.
struct Versions {
  std::optional<std::uint16_t> user;
  std::optional<std::uint16_t> system;
  std::optional<std::uint16_t> bootloader;
  bool operator==(const Versions&) const = default;
};

// Versions of the user application that may run in the end. A phase without an entry of its own has
// `any`; an empty `any` means: the start version and the target version.
struct AllowedVersions {
  std::vector<std::uint16_t> any;
  std::map<std::string, std::vector<std::uint16_t>> by_phase;
  bool operator==(const AllowedVersions&) const = default;
};

struct Contract {
  AllowedVersions user_app;
  std::string apn;                           // expected in the end; empty: not judged
  Versions start;                            // provisioned
  Versions target;                           // the update under test
  std::optional<std::uint16_t> second_user;  // version of the second update; absent: none is made
  base::Duration online_within{std::chrono::minutes(5)};
  base::Duration update_finishes_within{std::chrono::minutes(30)};
  // Verdicts that pass when the cut landed in the phase; a phase without an entry: all pass
  // verdicts.
  std::map<std::string, std::vector<Verdict>> allowed_verdicts;
  std::optional<Domains> cut;      // domains of the planned cut; absent: no cut is planned
  std::uint32_t clean_reboots{3};  // after the recovery
  std::uint32_t max_boots{20};     // more restarts and not online in the end are a loop
  bool operator==(const Contract&) const = default;
};

// The versions allowed when the cut landed in `phase`.
[[nodiscard]] std::vector<std::uint16_t> allowed_user_apps(const Contract& contract,
                                                           const std::string& phase);

}  // namespace rig::record
