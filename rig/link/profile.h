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

// A router between device and server that forgets a binding when nothing went up for a while, and
// gives the next packet up another port (RFC 4787 section 4.3).
struct Nat {
  base::Duration timeout{};  // 0 = no router
  bool rebinds{true};        // false: the binding comes back as it was
  bool operator==(const Nat&) const = default;
};

struct Profile {
  std::string name{"ideal"};
  Path up{};
  Path down{};
  std::vector<Outage> outages{};          // both directions lose every packet offered in here
  std::vector<Impairment> impairments{};  // each acts on what the ones before it left
  Nat nat{};

  bool operator==(const Profile&) const = default;
};

// RIG_ASSERTs the ranges that the structs name; whoever reads a profile from a file says what is
// wrong with it first.
void check(const Profile& profile);

}  // namespace rig::link
