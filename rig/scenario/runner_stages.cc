// The stages of a cycle, in the order in which they happen.
#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "record/vocabulary.h"
#include "scenario/runner.h"

namespace rig::scenario {

namespace wait = record::wait;
using record::EventKind;

namespace {

constexpr std::uint32_t kMostPowerCycles = 2;

// Every module that the target names runs in that version.
bool satisfied(const record::Versions& runs, const ota::Target& wanted) {
  return (!wanted.user || runs.user == wanted.user) &&
         (!wanted.system || runs.system == wanted.system) &&
         (!wanted.bootloader || runs.bootloader == wanted.bootloader);
}

}  // namespace

Actions Runner::begin(base::Instant now) {
  RIG_ASSERT(stage_ == Stage::unstarted);
  const record::Versions& start = plan_.contract.start;
  note(now, EventKind::cycle_begin, plan_.scenario, plan_.seed);
  note(now, EventKind::provisioned,
       to_text(ota::Target{
           .user = start.user, .system = start.system, .bootloader = start.bootloader}) +
           " apn=" + plan_.contract.apn);
  if (plan_.staged) {
    offer_update(now);
  } else {
    stage_ = Stage::baseline;
  }
  actions_.push_back(PowerOn{plan_.supplies});
  online_by_ = now + plan_.contract.online_within;
  return take();
}

bool Runner::runs_provisioned() const {
  const record::Contract& contract = plan_.contract;
  return online_ && online_normal_ &&
         (!contract.start.user || online_->user == contract.start.user) &&
         (contract.apn.empty() || apn_ == contract.apn);
}

bool Runner::runs_targets() const {
  return online_ && online_normal_ && satisfied(*online_, plan_.update);
}

// Worth testing further: the user application is one that the contract accepts in the end.
bool Runner::runs_allowed() const {
  const auto allowed = record::allowed_user_apps(plan_.contract, cut_phase_);
  return online_ && online_normal_ && online_->user && *online_->user != 0 &&
         (satisfied(*online_, plan_.update) ||
          std::find(allowed.begin(), allowed.end(), *online_->user) != allowed.end());
}

void Runner::online_in_stage(base::Instant at) {
  switch (stage_) {
    case Stage::baseline:
      if (runs_provisioned()) {
        online_by_.reset();
        offer_update(at);
      }
      break;
    case Stage::updating:
    case Stage::recovering:
      online_by_.reset();
      if (runs_targets()) {
        recovery_done(at);
      }
      break;
    case Stage::rebooting:
      if (online_normal_ && online_->user == settled_user_) {
        online_by_.reset();
        settle(at);
      }
      break;
    case Stage::second_update:
      if (online_normal_ && satisfied(*online_, *plan_.second_update)) {
        finish(at);
      }
      break;
    case Stage::unstarted:
    case Stage::settling:
    case Stage::finished:
      break;
  }
}

void Runner::offer_update(base::Instant now) {
  stage_ = Stage::updating;
  phase_ = record::kIdlePhase;
  update_by_ = now + plan_.contract.update_finishes_within;
  note(now, EventKind::update_offered, to_text(plan_.update), 1);
  actions_.push_back(Offer{plan_.update});
  actions_.push_back(EnterPhase{phase_});
  if (plan_.cut) {
    arm(now);
  }
}

void Runner::arm(base::Instant now) {
  cut_state_ = CutState::armed;
  note(now, EventKind::cut_armed, record::trigger_name(plan_.cut->trigger),
       static_cast<std::uint64_t>(
           std::chrono::duration_cast<std::chrono::milliseconds>(plan_.prove_within).count()));
  if (const auto* op = std::get_if<record::FlashOpTrigger>(&plan_.cut->trigger)) {
    actions_.push_back(ArmFlashOp{op->op, op->moment});
  } else if (const auto* bytes = std::get_if<record::BytesTrigger>(&plan_.cut->trigger)) {
    actions_.push_back(ArmBytes{bytes->direction, bytes->bytes});
  } else if (std::holds_alternative<record::SymbolTrigger>(plan_.cut->trigger) ||
             std::holds_alternative<record::WatchTrigger>(plan_.cut->trigger)) {
    actions_.push_back(ArmCode{plan_.cut->trigger});
  } else if (const auto* time = std::get_if<record::TimeTrigger>(&plan_.cut->trigger)) {
    fire(now + time->after);
  } else if (const auto* phase = std::get_if<record::PhaseTrigger>(&plan_.cut->trigger)) {
    if (phase->phase == phase_ && !phase->leaving) {
      fire(now);
    }
  }
}

// The trigger has come, or (time) its instant is known; the cut follows after its offset.
void Runner::fire(base::Instant at) {
  cut_state_ = CutState::fired;
  const auto dither = random_.below(static_cast<std::uint64_t>(plan_.cut->dither.count()) + 1);
  const base::Instant when =
      at + plan_.cut->offset + base::Duration(static_cast<std::int64_t>(dither));
  if (when == at && !std::holds_alternative<record::TimeTrigger>(plan_.cut->trigger)) {
    cut(when);
  } else {
    cut_at_ = when;
  }
}

void Runner::cut(base::Instant now) {
  cut_state_ = CutState::done;
  stage_ = Stage::recovering;
  cut_phase_ = phase_;
  power_cycles_ = 0;
  settled_at_.reset();
  const record::TornModel torn =
      further_cuts_ == 0 ? plan_.cut->torn : plan_.cut->then[further_cuts_ - 1].torn;
  actions_.push_back(CutNow{plan_.cut->domains, torn});
  note(now, EventKind::cut_landed, "phase=" + phase_ + " plan=" + record::to_text(*plan_.cut));
  online_.reset();
  online_by_.reset();
  off_domains_ = plan_.cut->domains;
  power_on_at_ = record::return_of_power(*plan_.cut, now);
}

void Runner::miss_cut(base::Instant now, const std::string& why) {
  cut_state_ = CutState::done;
  cut_at_.reset();
  actions_.push_back(Disarm{});
  note(now, EventKind::cut_missed, why + "; planned was " + record::to_text(*plan_.cut));
  finish(now);
}

Actions Runner::cut_unproven(base::Instant now, const std::string& why) {
  RIG_ASSERT(cut_state_ == CutState::done);
  note(now, EventKind::note, why);
  finish(now);
  return take();
}

// Counted from the return of power, because every recovery begins there.
void Runner::arm_next() {
  if (!std::holds_alternative<record::FlashOpTrigger>(plan_.cut->trigger)) return;
  if (further_cuts_ == plan_.cut->then.size()) {
    actions_.push_back(ArmFlashOp{0, record::OpMoment::during, true});
    return;
  }
  const record::NextCut& next = plan_.cut->then[further_cuts_++];
  cut_state_ = CutState::armed;
  actions_.push_back(ArmFlashOp{next.op, record::OpMoment::during, true});
}

bool Runner::next_cut_missed(base::Instant now) {
  if (cut_state_ != CutState::armed && cut_state_ != CutState::fired) return false;
  miss_cut(now, further_cuts_ == 0
                    ? "the update finished and the trigger never fired"
                    : "the recovery was over before cut " + std::to_string(further_cuts_ + 1));
  return true;
}

void Runner::power_on_due(base::Instant now) {
  restarts_ = 0;
  const bool after_cut = stage_ == Stage::recovering && cut_state_ == CutState::done;
  if (after_cut && plan_.staged && update_by_) {
    // Whoever is cut off again and again is given the time of one recovery each time.
    update_by_ = now + plan_.contract.update_finishes_within;
  }
  if (after_cut && power_cycles_ == 0) arm_next();
  actions_.push_back(PowerOn{off_domains_});
  online_by_ = reboot_by_ = now + plan_.contract.online_within;
}

void Runner::power_cycle(base::Instant now, record::Domains which) {
  actions_.push_back(PowerOff{which});
  online_.reset();
  off_domains_ = which;
  power_on_at_ = now + plan_.reboot_times.off_for;
}

void Runner::offline_too_long(base::Instant now) {
  switch (stage_) {
    case Stage::baseline:
      note(now, EventKind::deadline, std::string(wait::kBaselineOnline));
      if (plan_.cut) {
        miss_cut(now, "the device was not online with what it was provisioned with");
        return;
      }
      break;
    case Stage::updating:
      note(now, EventKind::deadline, std::string(wait::kRecoveryOnline));
      if (plan_.cut) {
        miss_cut(now, "the device went offline for good before the trigger fired");
        return;
      }
      break;
    case Stage::recovering:
      note(now, EventKind::deadline, std::string(wait::kRecoveryOnline));
      if (next_cut_missed(now)) return;
      if (power_cycles_ < kMostPowerCycles) {
        ++power_cycles_;
        power_cycle(now, plan_.cut->domains);
        return;
      }
      break;
    case Stage::rebooting:
      note(now, EventKind::deadline, std::string(wait::kRebootOnline));
      break;
    case Stage::unstarted:
    case Stage::settling:
    case Stage::second_update:
    case Stage::finished:
      return;
  }
  finish(now);
}

void Runner::update_too_long(base::Instant now) {
  if (stage_ == Stage::settling) {
    return;  // it got there in time; unsettled() asks again
  }
  if (stage_ == Stage::second_update) {
    note(now, EventKind::deadline, std::string(wait::kSecondUpdate));
    finish(now);
    return;
  }
  note(now, EventKind::deadline, std::string(wait::kUpdateFinished));
  if (stage_ == Stage::recovering && next_cut_missed(now)) return;
  if (stage_ == Stage::updating && plan_.cut) {
    miss_cut(now, "the update did not finish in time and the trigger never fired");
  } else if (runs_allowed()) {
    recovery_done(now);
  } else {
    finish(now);
  }
}

void Runner::recovery_done(base::Instant now) {
  settled_user_ = online_->user;
  settle(now);
}

void Runner::settle(base::Instant now) {
  settling_from_ = std::exchange(stage_, Stage::settling);
  settled_at_ = now + plan_.reboot_times.settle;
}

// It restarted by itself right after it got online, so that was not the end of the stage. The time
// for the stage goes on: a device that does this for ever runs out of it.
void Runner::unsettled(base::Instant now) {
  settled_at_.reset();
  stage_ = settling_from_;
  if (stage_ == Stage::rebooting) {
    online_by_ = reboot_by_;
  } else if (!update_by_) {
    note(now, EventKind::deadline, std::string(wait::kUpdateFinished));
    finish(now);
  }
}

void Runner::reboot_or_go_on(base::Instant now) {
  if (next_cut_missed(now)) {
    return;
  }
  update_by_.reset();
  if (reboots_ < plan_.contract.clean_reboots) {
    stage_ = Stage::rebooting;
    note(now, EventKind::clean_reboot, "", ++reboots_);
    power_cycle(now, plan_.supplies);
  } else if (plan_.second_update) {
    stage_ = Stage::second_update;
    update_by_ = now + plan_.contract.update_finishes_within;
    note(now, EventKind::update_offered, to_text(*plan_.second_update), 2);
    actions_.push_back(Offer{*plan_.second_update});
  } else {
    finish(now);
  }
}

void Runner::finish(base::Instant now) {
  note(now, EventKind::cycle_end, "");
  stage_ = Stage::finished;
  for (auto* timer : {&cut_at_, &power_on_at_, &online_by_, &update_by_, &settled_at_}) {
    timer->reset();
  }
}

}  // namespace rig::scenario
