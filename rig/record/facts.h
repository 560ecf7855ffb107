// What a timeline says, digested for judge.cc: no opinion yet. A cycle falls into three stretches:
// before the disturbance, the recovery behind it, and the follow-up (clean reboots, second update).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "record/contract.h"
#include "record/event.h"

namespace rig::record {

struct Evidence {
  base::Instant at{};
  std::string text;
};

// Did the trial take place? Everything that decides between a verdict and "no trial".
struct Trial {
  std::optional<Evidence> rig_fault;
  std::optional<Evidence> landed;
  std::uint64_t landed_op{};
  std::size_t landed_cuts{};  // of a plan with several; the rest is about the last one
  std::optional<Evidence> missed;
  std::optional<Evidence> power_off;        // covers the planned domains, at the cut
  std::optional<std::size_t> disturbed_by;  // index of the event that took the power away
  std::size_t recovery_from{};              // index; the disturbance, else the first offer
  std::size_t recovery_until{};             // index of the first event of the follow-up
  bool ended{false};
};

struct Online {
  base::Instant at{};
  bool safe_mode{false};
  Versions runs;
  std::string text;
};

struct Apn {
  base::Instant at{};
  std::string name;
  std::string source;  // "default", "user", ..; empty when only the modem told it
};

// Tries to get an image that the device gave up and told how far they had come.
struct Tries {
  std::uint32_t count{};
  std::uint64_t bytes{};    // of the one that came furthest
  std::uint64_t of{};       // of the whole image
  base::Duration length{};  // of that one, from its begin
  std::string reason;       // of that one
};

// The recovery.
struct Recovery {
  std::string phase{"none"};          // update phase at the disturbance
  std::optional<Online> online;       // stands at the end: no restart, no loss of power behind it
  std::optional<Online> last_online;  // whether it stands or not
  std::optional<Apn> apn;             // the modem's, as long as it keeps power
  std::optional<Apn> told;            // what the modem was told last, attached or not
  std::optional<Evidence> refused;
  std::optional<Evidence> image_lost;  // first proof that the user image itself was destroyed
  std::optional<Evidence> dfu;         // stands
  std::optional<Evidence> life;        // since the last power-on, more than the boot code ran
  std::optional<Evidence> last_line;   // since the last power-on
  std::optional<Evidence> loop;        // the processor does nothing else any more; stands
  std::optional<Evidence> unmodelled;  // first register that the simulated board does not have
  std::optional<Evidence> busy;        // last offer or transfer behind the last online
  std::optional<Evidence> deadline;    // last one that expired
  std::optional<base::Instant> update_expired;
  std::optional<std::string> settings_before;  // apn_store before the disturbance
  std::optional<Evidence> settings;            // last one behind it; text: apn_store
  std::optional<std::string> retried;          // module that was begun again
  std::optional<std::string> resumed;          // module applied without being begun again
  Tries tries;
  std::uint32_t restarts{};  // all of them
  bool restarted{false};     // at all
  bool powered_on{false};    // the board's supply came back in this stretch
  base::Instant at_end{};
};

struct FollowUp {
  std::uint32_t reboots{};         // clean reboots that ended online
  std::optional<Evidence> failed;  // first proof that something broke later
  std::optional<Online> online;
  std::optional<Apn> apn;
  bool second_update{false};
};

struct Facts {
  Trial trial;
  Recovery recovery;
  FollowUp follow_up;
};

// All that facts_of() would remember of this timeline if the power went now and a recovery were
// appended: two timelines with the same history and the same recovery are judged alike. Instants
// are not in it; they only date findings.
[[nodiscard]] std::string history_of(const Contract& contract, const Timeline& timeline);

[[nodiscard]] Facts facts_of(const Contract& contract, const Timeline& timeline);

// "604" or "none": empty for what is no number.
[[nodiscard]] std::optional<std::uint16_t> version_in(std::string_view text, std::string_view key);

}  // namespace rig::record
