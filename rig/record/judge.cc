#include "record/judge.h"

#include <fmt/core.h>

#include <algorithm>

#include "record/facts.h"
#include "record/vocabulary.h"

namespace rig::record {
namespace {

// The flash operation that the last cut of a plan has to land in; empty: in none, or beside one.
std::optional<std::uint64_t> planned_operation(const CutPlan& plan) {
  if (!plan.then.empty()) return plan.then.back().op;
  const auto* trigger = std::get_if<FlashOpTrigger>(&plan.trigger);
  const bool within = trigger != nullptr && trigger->moment == OpMoment::during;
  return within ? std::optional(trigger->op) : std::nullopt;
}

std::string seconds_text(base::Duration length) {
  return fmt::format("{:.1f} s", base::to_seconds(length));
}

std::string version_text(std::optional<std::uint16_t> version) {
  return version ? std::to_string(*version) : "none";
}

std::string runs_text(const Versions& runs) {
  return fmt::format("user={} system={} bootloader={}", version_text(runs.user),
                     version_text(runs.system), version_text(runs.bootloader));
}

// Every module that `wanted` names runs in that version.
bool satisfies(const Versions& runs, const Versions& wanted) {
  return (!wanted.user || runs.user == wanted.user) &&
         (!wanted.system || runs.system == wanted.system) &&
         (!wanted.bootloader || runs.bootloader == wanted.bootloader);
}

// No module of the update has moved on from where it started. A start version that nobody knows
// counts as unmoved unless the target runs.
bool untouched(const Versions& runs, const Contract& contract) {
  const auto kept = [](std::optional<std::uint16_t> run, std::optional<std::uint16_t> start,
                       std::optional<std::uint16_t> target) {
    return start ? run == start : !target || run != target;
  };
  return kept(runs.user, contract.start.user, contract.target.user) &&
         kept(runs.system, contract.start.system, contract.target.system) &&
         kept(runs.bootloader, contract.start.bootloader, contract.target.bootloader);
}

template <class Container, class Value>
bool contains(const Container& container, const Value& value) {
  return std::find(container.begin(), container.end(), value) != container.end();
}

std::string rounded_text(base::Duration length) {
  const double seconds = base::to_seconds(length);
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

// Why tries that get this far never finish; empty when the device did not tell how far they got. A
// rate says something only of a try that its own time-out ended.
std::string arithmetic_of(const Tries& tries) {
  const double seconds = base::to_seconds(tries.length);
  if (tries.count == 0 || seconds <= 0) return {};
  std::string text = fmt::format("; {} tries given up, the best ({}) after {}", tries.count,
                                 tries.reason, rounded_text(tries.length));
  if (tries.bytes == 0) return text + ": no byte ever comes";
  if (tries.bytes >= tries.of) return text;
  text += fmt::format(" with {} of {} bytes", tries.bytes, tries.of);
  if (tries.reason != "timeout") return text;
  const double rate = static_cast<double>(tries.bytes) / seconds;
  const base::Duration whole = std::chrono::duration_cast<base::Duration>(
      std::chrono::duration<double>(static_cast<double>(tries.of) / rate));
  return text + fmt::format(": at {:.3g} bytes/s the whole takes {}, longer than a try lasts", rate,
                            rounded_text(whole));
}

// Asks the questions of judge.h in order and collects the answers.
class Judge {
 public:
  Judge(const Contract& contract, const Timeline& timeline)
      : contract_(contract), facts_(facts_of(contract, timeline)), now_(facts_.recovery) {}
  Judgement judge();

 private:
  void holds(Verdict verdict, base::Instant at, std::string text) {
    findings_.push_back({verdict, true, at, std::move(text)});
  }
  void remark(Verdict verdict, base::Instant at, std::string text) {
    findings_.push_back({verdict, false, at, std::move(text)});
  }
  bool no_trial();
  bool cut_not_proven();
  void where_it_ended();
  [[nodiscard]] bool loops();
  void offline();
  void running(const Online& online);
  void not_finished(const Online& online);
  void finished(const Online& online);
  void pass(Verdict verdict, const Online& online, const std::string& how);
  void user_image();
  void apn();
  void settings();
  void follow_up();
  void follow_up_missing();
  [[nodiscard]] Verdict worst() const;
  [[nodiscard]] bool passes_so_far() const { return class_of(worst()) == VerdictClass::pass; }
  [[nodiscard]] std::vector<std::uint16_t> allowed() const {
    return allowed_user_apps(contract_, now_.phase);
  }

  const Contract& contract_;
  const Facts facts_;
  const Recovery& now_;
  std::vector<Finding> findings_;
};

Judgement Judge::judge() {
  if (!no_trial()) {
    where_it_ended();
    user_image();
    apn();
    settings();
    follow_up();
  }
  return {.verdict = worst(), .phase = now_.phase, .findings = findings_};
}

Verdict Judge::worst() const {
  Verdict worst = Verdict::survived_new;
  for (const Finding& finding : findings_) {
    worst = finding.holds ? std::max(worst, finding.verdict) : worst;
  }
  return worst;
}

bool Judge::no_trial() {
  const Trial& trial = facts_.trial;
  if (trial.rig_fault) {
    holds(Verdict::rig_fault, trial.rig_fault->at, "the rig failed: " + trial.rig_fault->text);
  } else if (!trial.ended) {
    holds(Verdict::rig_fault, now_.at_end, "the timeline stops before the end of the cycle");
  } else if (contract_.cut) {
    return cut_not_proven();
  }
  return !findings_.empty();
}

// A cut that cannot be proven is no trial, however well or badly the device does afterwards.
bool Judge::cut_not_proven() {
  const Trial& trial = facts_.trial;
  const auto planned = trial.landed ? field(trial.landed->text, "plan") : std::nullopt;
  const auto plan = planned ? cut_plan_from(*planned) : std::nullopt;
  if (trial.missed) {
    holds(Verdict::void_trial, trial.missed->at, "the cut never came: " + trial.missed->text);
  } else if (!trial.landed) {
    holds(Verdict::void_trial, now_.at_end, "the planned cut left no trace in the timeline");
  } else if (!trial.power_off) {
    holds(Verdict::void_trial, trial.landed->at,
          "no proof that " + to_text(*contract_.cut) + " lost power at the cut");
  } else if (!plan) {
    holds(
        Verdict::void_trial, trial.landed->at,
        "the record of the cut does not say which cut was planned: \"" + trial.landed->text + "\"");
  } else if (trial.landed_cuts != 1 + plan->then.size()) {
    holds(Verdict::void_trial, trial.landed->at,
          fmt::format("{} cuts landed, planned were {}", trial.landed_cuts, 1 + plan->then.size()));
  } else if (const auto op = planned_operation(*plan); op && trial.landed_op != *op) {
    holds(
        Verdict::void_trial, trial.landed->at,
        fmt::format("the cut landed in flash operation {}, planned was {}", trial.landed_op, *op));
  }
  return !findings_.empty();
}

void Judge::where_it_ended() {
  if (!now_.online) {
    offline();
    return;
  }
  if (contract_.cut && contract_.cut->board && !now_.restarted) {
    holds(Verdict::void_trial, facts_.trial.landed->at,
          "the board never restarted: the loss of power was shorter than its hold-up");
    return;
  }
  running(*now_.online);
}

// Where the processor stays, where the simulated board can tell; and the register that it missed.
bool Judge::loops() {
  // A destroyed image may loop as well, but nothing on the console says more.
  if (now_.dfu || (!now_.last_line && contract_.cut)) return false;
  const std::optional<Evidence>& where = now_.loop ? now_.loop : now_.unmodelled;
  if (!where) return false;
  std::string text = where->text;
  if (now_.last_line) text += "; last line: \"" + now_.last_line->text + "\"";
  if (now_.loop && now_.unmodelled) text += "; before that: " + now_.unmodelled->text;
  holds(Verdict::stuck, where->at, text);
  return true;
}

void Judge::offline() {
  if (loops()) return;
  const std::string boots = fmt::format("{} restarts and not online in the end", now_.restarts);
  if (!now_.last_line) {
    holds(now_.powered_on ? Verdict::bricked : Verdict::silent, now_.at_end,
          now_.powered_on ? "nothing on the console since the power came back"
                          : "nothing on the console any more");
  } else if (now_.dfu) {
    holds(Verdict::bricked_soft, now_.dfu->at,
          "waits for a local tool: \"" + now_.dfu->text + "\"");
  } else if (now_.restarts > contract_.max_boots) {
    holds(Verdict::stuck, now_.last_line->at, "boot loop: " + boots);
  } else if (!now_.life) {
    holds(Verdict::silent, now_.last_line->at,
          "says nothing any more after \"" + now_.last_line->text + "\"");
  } else {
    const std::string why = now_.refused ? "the network answers: \"" + now_.refused->text + "\""
                                         : "last sign of life: \"" + now_.life->text + "\"";
    const bool given_up = now_.deadline && now_.deadline->text == wait::kRecoveryOnline;
    holds(
        Verdict::unreachable, now_.at_end,
        fmt::format("runs but {}; {}",
                    given_up ? "does not get online within " + seconds_text(contract_.online_within)
                             : "is not online at the end of the recovery",
                    why));
  }
}

void Judge::running(const Online& online) {
  const bool factory = online.runs.user == std::uint16_t{0};
  if (!online.safe_mode && satisfies(online.runs, contract_.target)) {
    finished(online);
  } else if (!online.safe_mode && factory) {
    holds(Verdict::user_firmware_lost, online.at,
          "the factory application is what runs in the end: \"" + online.text + "\"");
  } else {
    not_finished(online);
  }
}

void Judge::not_finished(const Online& online) {
  if (online.safe_mode) {
    holds(Verdict::stuck, now_.at_end,
          "still in safe mode when the time for the update was over: \"" + online.text + "\"");
  } else if (now_.busy) {
    holds(Verdict::stuck, now_.at_end,
          fmt::format("the update never finishes: runs {} and \"{}\" came after that{}",
                      runs_text(online.runs), now_.busy->text, arithmetic_of(now_.tries)));
  } else if (!untouched(online.runs, contract_)) {
    holds(Verdict::wrong_image, online.at,
          fmt::format("stopped between old and new: {}, wanted {}", runs_text(online.runs),
                      runs_text(contract_.target)));
  } else if (!facts_.trial.disturbed_by) {
    holds(Verdict::stuck, now_.at_end,
          "the undisturbed update did not finish" + arithmetic_of(now_.tries));
  } else {
    pass(Verdict::rolled_back, online, "the old firmware runs, the update is not offered any more");
  }
}

void Judge::finished(const Online& online) {
  if (now_.retried) {
    pass(Verdict::retried, online, "the " + *now_.retried + " module was sent again");
  } else if (now_.resumed) {
    pass(Verdict::resumed, online,
         "the " + *now_.resumed + " module was applied without being sent again");
  } else {
    pass(Verdict::survived_new, online, "the update finished");
  }
}

// A good end, unless the contract forbids it for the phase in which the cut landed.
void Judge::pass(Verdict verdict, const Online& online, const std::string& how) {
  const std::string phase = "a cut in phase " + now_.phase;
  const auto verdicts = contract_.allowed_verdicts.find(now_.phase);
  if (!online.runs.user || !contains(allowed(), *online.runs.user)) {
    holds(Verdict::wrong_image, online.at,
          fmt::format("user application {} is not allowed after {}: \"{}\"",
                      version_text(online.runs.user), phase, online.text));
    remark(verdict, online.at, how);
  } else if (verdicts != contract_.allowed_verdicts.end() && !contains(verdicts->second, verdict)) {
    holds(Verdict::wrong_image, online.at,
          fmt::format("{} is not allowed after {}", name_of(verdict), phase));
    remark(verdict, online.at, how);
  } else {
    holds(verdict, online.at, how + ": \"" + online.text + "\"");
  }
}

void Judge::user_image() {
  if (!now_.image_lost || worst() == Verdict::void_trial) {
    return;
  }
  const Evidence& lost = *now_.image_lost;
  holds(Verdict::user_firmware_lost, lost.at, lost.text);
  if (now_.online && !now_.online->safe_mode && satisfies(now_.online->runs, contract_.target)) {
    remark(Verdict::retried, now_.online->at,
           fmt::format("healed over the air after {} (retried)",
                       seconds_text(now_.online->at - lost.at)));
  }
}

void Judge::apn() {
  // A firmware that power-cycles the modem after a refusal leaves it without any APN: then what it
  // was told last is the evidence.
  const std::optional<Apn>& last = now_.apn || now_.online ? now_.apn : now_.told;
  if (!last || contract_.apn.empty() || last->name == contract_.apn) {
    return;
  }
  const Apn& apn = *last;
  const bool fallback = apn.source == "default" || apn.source == "list" || apn.name.empty();
  holds(fallback ? Verdict::apn_lost : Verdict::apn_wrong, apn.at,
        fmt::format("the modem is told APN \"{}\"{}, expected is \"{}\"", apn.name,
                    apn.source.empty() ? "" : " (source " + apn.source + ")", contract_.apn));
}

void Judge::settings() {
  const std::string before = now_.settings_before.value_or("none");
  if (before != "none" && now_.settings && now_.settings->text == "none") {
    holds(Verdict::config_lost, now_.settings->at,
          fmt::format("the stored APN setting is gone (was apn_store={})", before));
  }
}

void Judge::follow_up() {
  const VerdictClass so_far = class_of(worst());
  if (so_far == VerdictClass::lost || so_far == VerdictClass::no_trial) {
    return;
  }
  const FollowUp& later = facts_.follow_up;
  if (later.failed) {
    holds(Verdict::latent, later.failed->at, "fails later: " + later.failed->text);
  } else if (later.apn && !contract_.apn.empty() && later.apn->name != contract_.apn && now_.apn &&
             now_.apn->name == contract_.apn) {
    holds(Verdict::latent, later.apn->at,
          "fails later: the APN became \"" + later.apn->name + "\"");
  } else if (so_far == VerdictClass::pass) {
    follow_up_missing();
  }
}

// A good end that nobody tested is no pass: the cycle was cut short by the rig, not by the device.
void Judge::follow_up_missing() {
  const FollowUp& later = facts_.follow_up;
  if (later.reboots < contract_.clean_reboots) {
    holds(Verdict::rig_fault, now_.at_end,
          fmt::format("only {} of {} clean reboots were made", later.reboots,
                      contract_.clean_reboots));
  } else if (contract_.second_user && !later.second_update) {
    holds(Verdict::rig_fault, now_.at_end, "the second update was not made");
  }
}

}  // namespace

std::vector<std::uint16_t> allowed_user_apps(const Contract& contract, const std::string& phase) {
  const auto own = contract.user_app.by_phase.find(phase);
  if (own != contract.user_app.by_phase.end()) {
    return own->second;
  }
  std::vector<std::uint16_t> allowed = contract.user_app.any;
  if (allowed.empty()) {
    for (const auto& version : {contract.start.user, contract.target.user}) {
      if (version) {
        allowed.push_back(*version);
      }
    }
  }
  return allowed;
}

Judgement judge(const Contract& contract, const Timeline& timeline) {
  return Judge(contract, timeline).judge();
}

Judgement judge_control(const Contract& contract, const Timeline& timeline) {
  Judgement judgement = judge(contract, timeline);
  const VerdictClass outcome = class_of(judgement.verdict);
  if (outcome == VerdictClass::degraded || outcome == VerdictClass::lost) {
    judgement.findings.push_back(
        {.verdict = Verdict::flaky_baseline,
         .holds = true,
         .at = judgement.findings.empty() ? base::kCycleStart : judgement.findings.front().at,
         .text = fmt::format("the control run without a cut is {}", name_of(judgement.verdict))});
    judgement.verdict = Verdict::flaky_baseline;
  }
  return judgement;
}

}  // namespace rig::record
