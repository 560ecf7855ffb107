#include "scenario/link_profile.h"

namespace rig::scenario {
namespace {

link::Outage outage_from(const Value& value) {
  Section section(value);
  const base::Instant from =
      base::kCycleStart + section.need("from", "write from: 120s").duration();
  const base::Duration length = section.need("for", "write for: 30s").duration();
  section.done();
  return {.from = from, .until = from + length};
}

void read_direction(const Value& value, const std::filesystem::path& folder, link::Path& path) {
  Section section(value);
  read_path(section, folder, path);
  section.done();
}

// One key for both directions, for those who want them alike.
void read_directions(Section& section, const std::filesystem::path& folder,
                     link::Profile& profile) {
  if (const auto both = section.find("both")) {
    read_direction(*both, folder, profile.up);
    read_direction(*both, folder, profile.down);
  }
  if (const auto up = section.find("up")) read_direction(*up, folder, profile.up);
  if (const auto down = section.find("down")) read_direction(*down, folder, profile.down);
}

void read_rest(Section& section, const std::filesystem::path& folder, link::Profile& profile) {
  if (const auto outages = section.find("outages")) {
    for (const Value& outage : outages->list()) profile.outages.push_back(outage_from(outage));
  }
  if (const auto nat = section.find("nat")) profile.nat = nat_from(*nat);
  for (const char* key : {"impairments", "during"}) {
    const auto list = section.find(key);
    if (!list) continue;
    for (const Value& each : list->list()) {
      profile.impairments.push_back(impairment_from(each, folder, profile));
    }
  }
}

// A direction that a profile leaves out is a slip; one that it wants unshaped says rate: unlimited.
void need_rate(const Value& direction) {
  Section section(direction);
  if (!section.find("trace")) {
    (void)section.need("rate", "write rate: 50kbit/s, or rate: unlimited, or trace: FILE");
  }
}

}  // namespace

link::Nat nat_from(const Value& value) {
  Section section(value);
  link::Nat nat;
  const Value timeout = section.need("timeout", "write timeout: 30s");
  nat.timeout = timeout.duration();
  if (nat.timeout == base::Duration::zero()) {
    timeout.fail("a binding that expires at once never works; write timeout: 30s");
  }
  if (const auto rebinds = section.find("rebinds")) nat.rebinds = rebinds->boolean();
  section.done();
  return nat;
}

link::Profile link_profile_from(const Value& value, const std::filesystem::path& folder) {
  Section section(value);
  link::Profile profile;
  if (const auto both = section.find("both")) {
    need_rate(*both);
  } else {
    need_rate(section.need("up", "write up: {rate: 50kbit/s}"));
    need_rate(section.need("down", "write down: {rate: 50kbit/s}"));
  }
  read_directions(section, folder, profile);
  read_rest(section, folder, profile);
  section.done();
  return profile;
}

void apply_link_overrides(Section& section, const std::filesystem::path& folder,
                          link::Profile& profile) {
  read_directions(section, folder, profile);
  read_rest(section, folder, profile);
}

}  // namespace rig::scenario
