// A link as a profile names it: a path per direction and what besides happens on them.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "link/impairment.h"
#include "link/path.h"

namespace rig::link {

// Half open: lost from `from` on, passed again from `until` on.
struct Outage {
  base::Instant from{};
  base::Instant until{};

  bool operator==(const Outage&) const = default;
};

struct Profile {
  std::string name{"ideal"};
  Path up{};
  Path down{};
  std::vector<Outage> outages{};          // both directions lose every packet offered in here
  std::vector<Impairment> impairments{};  // each acts on what the ones before it left
  Nat nat{};                              // in force all the time

  bool operator==(const Profile&) const = default;
};

// Something in it is about questions for names, so they have to pass the link.
[[nodiscard]] bool concerns_names(const Profile& profile);

// RIG_ASSERTs the ranges that the structs name; whoever reads a profile from a file says what is
// wrong with it first.
void check(const Profile& profile);

}  // namespace rig::link
