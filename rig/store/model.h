// The rows of the store as plain values. Wall-clock times are microseconds since 1970 (UTC) and are
// handed in; virtual times are durations since the start of a cycle.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "record/event.h"
#include "record/verdict.h"

namespace rig::store {

struct CampaignId {
  std::int64_t value{};
  auto operator<=>(const CampaignId&) const = default;
};

struct CycleId {
  std::int64_t value{};
  auto operator<=>(const CycleId&) const = default;
};

enum class CampaignState : std::uint8_t { running, finished, interrupted };
// control: without a cut, before and during a sweep; cut: a planned loss of power;
// run: a single cycle that the user asked for without a cut.
enum class CycleKind : std::uint8_t { control, cut, run };
// known_bad: a firmware with a planted bug beside the trial, to show that the rig sees bugs. Its
// failures are expected, and count for nobody.
enum class CampaignRole : std::uint8_t { trial, known_bad };

[[nodiscard]] std::string_view name_of(CampaignState state);
[[nodiscard]] CampaignState campaign_state_named(std::string_view name);  // running: any other
[[nodiscard]] std::string_view name_of(CycleKind kind);
[[nodiscard]] std::string_view name_of(CampaignRole role);

// What is known before the first cycle.
struct CampaignStart {
  std::string scenario{};       // as in plan ids: "electron/0.7.0-third-party-both"
  std::string scenario_yaml{};  // the whole text, so that a report needs no other file
  std::string title{};
  // What tells the rows of a matrix apart. Reports show "bootloader", "sim", "domains",
  // "mitigation" first, in this order, and any others after them.
  std::map<std::string, std::string> labels{};
  std::string board{};                                // "sim", "qemu", "serial"
  std::string firmware{};                             // "electron-0.7.0"
  std::string firmware_hash{};                        // as in plan ids
  std::map<std::string, std::string> image_hashes{};  // image -> short hash
  std::string otarig_version{};
  std::uint64_t seed{};
  std::int64_t started_unix_us{};
  std::string batch{};              // campaigns of one command share it; may be empty
  std::uint64_t points_planned{};   // cut cycles that would cover everything the scenario asks for
  std::uint64_t flash_ops_total{};  // of the update without a cut; 0: unknown
  std::string board_name{};         // on its bench: "sim-03"; may be empty
  CampaignRole role{CampaignRole::trial};
};

struct Campaign : CampaignStart {
  CampaignId id;
  CampaignState state{CampaignState::running};
  std::optional<std::int64_t> ended_unix_us{};
};

// Written before the act.
struct CycleIntent {
  std::uint64_t index{};  // 0.., unique within the campaign
  std::string plan{};     // record::to_text(PlanId)
  CycleKind kind{CycleKind::cut};
  std::int64_t started_unix_us{};
  std::string link_profile{};  // in place of the scenario's; empty: the scenario's
};

// Where the cut landed, as far as a timeline proves it.
struct CutSpot {
  std::uint64_t op{};                  // 1..: flash operation in flight; 0: none
  std::uint32_t address{};             // of that operation
  std::string op_kind{};               // "program", "erase", or empty
  std::string torn{};                  // torn model in plan-id form, or empty
  std::optional<base::Duration> at{};  // since the start of the cycle; empty: no cut landed
  bool operator==(const CutSpot&) const = default;
};

struct CycleOutcome {
  record::Judgement judgement;
  CutSpot cut;
  std::optional<base::Duration> recovery{};  // from power back to online; empty: never, or no cut
  base::Duration host{};                     // what the cycle cost the rig, on the wall
  std::int64_t ended_unix_us{};
};

struct Cycle {
  CycleId id;
  CampaignId campaign;
  CycleIntent intent;
  std::optional<CycleOutcome> outcome{};  // empty: begun, never finished
  std::uint64_t attempts{1};              // begun so often: a controller may have died in it
};

// The least that tells a campaign's cycles apart.
struct CycleKey {
  CycleId id;
  std::uint64_t index{};
  CycleKind kind{CycleKind::cut};
  std::optional<record::Verdict> verdict{};  // empty: begun, never finished
};

inline constexpr std::size_t kVerdictCount =
    static_cast<std::size_t>(record::Verdict::flaky_baseline) + 1;

class VerdictCounts {
 public:
  void add(record::Verdict verdict, std::uint64_t more = 1);
  [[nodiscard]] std::uint64_t of(record::Verdict verdict) const;
  [[nodiscard]] std::uint64_t of(record::VerdictClass verdict_class) const;
  [[nodiscard]] std::uint64_t total() const;
  // Cycles that prove something: all but the class no trial.
  [[nodiscard]] std::uint64_t trials() const;
  [[nodiscard]] std::uint64_t failures() const;  // degraded and lost

 private:
  std::array<std::uint64_t, kVerdictCount> counts_{};
};

struct PhaseCounts {
  std::string phase{};
  VerdictCounts counts;
};

// The earliest cut of the update that ended in a verdict.
struct FirstCut {
  record::Verdict verdict{};
  std::string plan{};
  std::string phase{};
  CutSpot cut;
};

struct CampaignSummary {
  Campaign campaign;
  VerdictCounts cuts;      // finished cycles of kind cut
  VerdictCounts controls;  // and of the other kinds
  VerdictCounts runs;
  std::uint64_t open_cycles{};                  // begun, never finished
  std::vector<PhaseCounts> phases{};            // cuts only, in order of their first cut
  std::vector<FirstCut> first_cuts{};           // one per verdict that occurs, in order of Verdict
  std::map<std::string, std::uint64_t> torn{};  // cuts per torn model
  base::Duration host{};                        // sum over all cycles
};

// Empty members do not restrict.
struct CycleFilter {
  std::optional<CycleKind> kind{};
  std::optional<record::Verdict> verdict{};
  std::optional<std::string> phase{};
  bool failures_only{false};  // classes degraded and lost
  bool open_only{false};      // begun, never finished
};

}  // namespace rig::store
