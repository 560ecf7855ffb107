// What a cycle proved (design: section "how results are judged" of the README). The order of the
// enumerators is the order of badness: the worst verdict that holds is the verdict of the cycle.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rig::record {

enum class Verdict : std::uint8_t {
  survived_new,        // update finished, all data intact
  resumed,             // update continued after the cut and finished
  retried,             // update lost, offered again, finished
  rolled_back,         // old firmware, all data intact
  config_lost,         // a setting other than the APN is gone
  apn_wrong,           // an APN is present, but not the expected one
  apn_lost,            // no APN, or the built-in default
  wrong_image,         // something runs that the contract does not allow in this phase
  user_firmware_lost,  // the user application is missing, corrupt or replaced by the factory image
  unreachable,         // runs, but never gets online
  silent,              // powered and booted once, says nothing any more
  stuck,               // boot loop, or an update that never finishes
  bricked_soft,        // only a local tool brings it back
  bricked,             // nothing on the console after a power cycle
  latent,              // fails on a later reboot or on the next update
  void_trial,          // the cut did not land where it was planned: no trial
  rig_fault,           // relay, port, host: no trial
  flaky_baseline,      // the control run without a cut fails: no trial
};

enum class VerdictClass : std::uint8_t { pass, degraded, lost, no_trial };

[[nodiscard]] VerdictClass class_of(Verdict verdict);
// The names of reports and of the command line: "user-firmware-lost", "void".
[[nodiscard]] std::string_view name_of(Verdict verdict);
[[nodiscard]] std::optional<Verdict> verdict_named(std::string_view name);
// 0 pass, 1 the device failed, 3 no trial.
[[nodiscard]] int exit_code_of(Verdict verdict);

// One thing the judge saw, with its evidence. `holds`: it counts towards the verdict; otherwise it
// is a remark ("healed by the server after 41 s").
struct Finding {
  Verdict verdict{};
  bool holds{true};
  base::Instant at{};
  std::string text;
  bool operator==(const Finding&) const = default;
};

struct Judgement {
  Verdict verdict{};
  std::string phase;  // update phase in which the cut landed; "none" without a cut
  std::vector<Finding> findings;
};

}  // namespace rig::record
