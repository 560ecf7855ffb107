// The runner of one cycle: from an unpowered, provisioned board to the end of a timeline. Pure and
// copyable: events of the board, fired triggers and expired deadlines go in; actions come out. It
// judges nothing (record/judge.h does), it only decides what happens next:
//
//   power on -> baseline online -> offer the update, arm the cut -> cut -> off -> power on ->
//   recovery -> clean reboots -> second update -> end
//
// An update that is staged on the board needs no baseline: offered, armed, then powered on.
//
// The recovery lasts until every target is online, and stays so for five seconds, or
// `update_finishes_within` has passed since the offer. A device that is not online within
// `online_within` has the cut domains power-cycled again, twice at most, and is then lost; without
// a planned cut it is lost at once. A cycle ends early when the device is lost or when the cut
// never landed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/network.h"
#include "base/random.h"
#include "base/time.h"
#include "ota/update_server.h"
#include "record/cut_plan.h"
#include "record/event.h"
#include "scenario/device_profile.h"
#include "scenario/line_pattern.h"
#include "scenario/plan.h"

namespace rig::scenario {

struct PowerOn {
  record::Domains which;
};
struct PowerOff {
  record::Domains which;
};
// Replaces what the server wants; the first offer also starts the counters of flash operations and
// of wire bytes.
struct Offer {
  ota::Target target;
};
struct ArmFlashOp {
  std::uint64_t op{};  // 0: none, only count
  record::OpMoment moment{};
  bool from_here{false};  // operations count from here, no longer from the first offer
};
struct ArmBytes {
  base::Direction direction{};
  std::uint64_t bytes{};
};
// A SymbolTrigger or a WatchTrigger; hits count from here.
struct ArmCode {
  record::Trigger trigger;
};
struct Disarm {};
// The update is in another phase: for what the board does by phase besides cuts.
struct EnterPhase {
  std::string phase;
};
struct CutNow {
  record::Domains domains;
  record::TornModel torn;
};
// Append to the timeline. The shell fills `value` of cut_landed with the flash operation in flight.
struct Record {
  record::Event event;
};
using Action = std::variant<PowerOn, PowerOff, Offer, ArmFlashOp, ArmBytes, ArmCode, Disarm, CutNow,
                            Record, EnterPhase>;
using Actions = std::vector<Action>;

class Runner {
 public:
  // The profile must outlive the runner and its copies.
  Runner(const CyclePlan& plan, const DeviceProfile& profile);

  [[nodiscard]] Actions begin(base::Instant now);
  // Every event of the board, after the shell has appended it. Instants never decrease.
  [[nodiscard]] Actions step(const record::Event& event);
  // The armed flash operation or byte count was reached.
  [[nodiscard]] Actions trigger_fired(base::Instant now);
  [[nodiscard]] Actions expire(base::Instant now);
  // The shell cannot prove that the cut took the power away: the cycle ends here, and the judge
  // finds no `off`. Only behind a cut.
  [[nodiscard]] Actions cut_unproven(base::Instant now, const std::string& why);
  // Empty: nothing to wait for (only before begin() and after the end).
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] bool finished() const { return stage_ == Stage::finished; }

  // For a copy of a runner that has not cut yet: takes another cut from here on, as if it had been
  // planned so from the start. The same kind of trigger only: that is all `cut_armed` tells, so
  // that cuts of one sweep share their timeline up to the cut. RIG_ASSERTs that a cut is planned
  // and has not fired. In the recovery from a cut it is one cut more, at a flash operation.
  void replan(const record::CutPlan& cut);

 private:
  enum class Stage : std::uint8_t {
    unstarted,
    baseline,
    updating,    // offered; the cut, if planned, has not landed
    recovering,  // after the cut
    settling,    // about to reboot cleanly
    rebooting,
    second_update,
    finished,
  };
  enum class CutState : std::uint8_t { none, armed, fired, done };

  void note(base::Instant at, record::EventKind kind, std::string text, std::uint64_t value = 0);
  void console_line(const record::Event& line);
  void observed(base::Instant at, std::string_view text);
  void enter_phase(base::Instant at, const std::string& phase);
  void match_console(const record::Event& line);
  void power_event(const record::Event& event);
  void restarted(base::Instant at);
  void count_restart(base::Instant at);
  void came_online(base::Instant at, std::string_view text);
  void online_in_stage(base::Instant at);

  void offer_update(base::Instant now);
  void arm(base::Instant now);
  void fire(base::Instant at);
  void cut(base::Instant now);
  void miss_cut(base::Instant now, const std::string& why);
  void arm_next();
  // A further cut that is still to come when the recovery is over: it never does.
  [[nodiscard]] bool next_cut_missed(base::Instant now);

  void power_on_due(base::Instant now);
  void power_cycle(base::Instant now, record::Domains which);
  void offline_too_long(base::Instant now);
  void update_too_long(base::Instant now);
  void recovery_done(base::Instant now);
  void settle(base::Instant now);
  void unsettled(base::Instant now);
  void reboot_or_go_on(base::Instant now);
  void finish(base::Instant now);

  [[nodiscard]] bool runs_provisioned() const;
  [[nodiscard]] bool runs_targets() const;
  [[nodiscard]] bool runs_allowed() const;
  [[nodiscard]] Actions take();

  CyclePlan plan_;
  const DeviceProfile* profile_;
  std::optional<LinePattern> pattern_;  // of a console trigger
  base::Random random_;
  Stage stage_{Stage::unstarted};
  CutState cut_state_{CutState::none};
  std::string phase_;
  std::string cut_phase_{"none"};
  std::string apn_;                         // last one attached or told to the modem
  std::optional<record::Versions> online_;  // what is online now
  bool online_normal_{false};
  std::optional<std::uint16_t> settled_user_;
  Stage settling_from_{Stage::unstarted};
  std::size_t further_cuts_{};  // of the plan's `then` that have landed or are armed
  std::uint32_t console_matches_{};
  std::uint32_t power_cycles_{};
  std::uint32_t reboots_{};
  std::uint32_t restarts_{};  // of the processor, since it was last online or powered on
  record::Domains off_domains_{};
  std::optional<base::Instant> cut_at_;
  std::optional<base::Instant> power_on_at_;
  std::optional<base::Instant> online_by_;
  std::optional<base::Instant> update_by_;
  std::optional<base::Instant> settled_at_;
  std::optional<base::Instant> reboot_by_;  // a clean reboot is online by then
  Actions actions_;
};

}  // namespace rig::scenario
