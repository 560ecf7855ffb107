// What comes in: events, triggers, deadlines. What the runner then does is in runner_stages.cc.
#include "scenario/runner.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "record/vocabulary.h"

namespace rig::scenario {

namespace seen = record::seen;
using record::EventKind;
using record::Lane;

namespace {

std::optional<std::uint16_t> version(std::string_view text, std::string_view key) {
  const auto digits = record::field(text, key);
  if (!digits || digits->empty() ||
      !std::all_of(digits->begin(), digits->end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::uint32_t value = 0;
  for (const char digit : digits->substr(0, 6)) {
    value = value * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return static_cast<std::uint16_t>(std::min(value, std::uint32_t{0xFFFF}));
}

std::optional<LinePattern> pattern_of(const std::optional<record::CutPlan>& cut) {
  const auto* console = cut ? std::get_if<record::ConsoleTrigger>(&cut->trigger) : nullptr;
  return console != nullptr ? std::optional<LinePattern>(std::in_place, console->pattern)
                            : std::nullopt;
}

// Of a line that was broken off, the last word may be half of what the device had to say.
std::string_view whole_words_of(const record::Event& line) {
  const std::string_view text = line.text;
  if (line.value != record::kBrokenOff) return text;
  return text.substr(0, std::min(text.find_last_of(' '), text.size()));
}

}  // namespace

Runner::Runner(const CyclePlan& plan, const DeviceProfile& profile)
    : plan_(plan),
      profile_(&profile),
      pattern_(pattern_of(plan.cut)),
      random_(base::derived_seed(plan.seed, "cut")) {}

void Runner::replan(const record::CutPlan& cut) {
  RIG_ASSERT(plan_.cut && cut_state_ != CutState::fired);
  if (cut_state_ == CutState::done) {
    const auto* trigger = std::get_if<record::FlashOpTrigger>(&cut.trigger);
    RIG_ASSERT(trigger != nullptr && (stage_ == Stage::recovering || stage_ == Stage::settling));
    plan_.cut->then.push_back({trigger->op, cut.torn});
    further_cuts_ = plan_.cut->then.size();
    cut_state_ = CutState::armed;
    return;
  }
  plan_.cut = cut;
  plan_.contract.cut = cut.domains;
  pattern_ = pattern_of(plan_.cut);
}

Actions Runner::take() { return std::exchange(actions_, {}); }

void Runner::note(base::Instant at, EventKind kind, std::string text, std::uint64_t value) {
  const Lane lane = kind == EventKind::observed ? Lane::device : Lane::rig;
  actions_.push_back(Record{{.at = at,
                             .lane = lane,
                             .kind = kind,
                             .address = 0,
                             .value = value,
                             .text = std::move(text)}});
}

Actions Runner::step(const record::Event& event) {
  if (stage_ == Stage::unstarted || stage_ == Stage::finished) {
    return {};
  }
  if (event.lane == Lane::console && event.kind == EventKind::line) {
    console_line(event);
  } else if (event.lane == Lane::power) {
    power_event(event);
  } else if (event.lane == Lane::cpu && event.kind == EventKind::reset) {
    restarted(event.at);
    count_restart(event.at);
  } else if (event.lane == Lane::modem && event.kind == EventKind::state &&
             event.text.starts_with("attached")) {
    apn_ = record::field(event.text, "apn").value_or("");
  }
  return take();
}

// The observation is recorded before anything that the line triggers: a cut at "online" must not
// leave an "online" behind the cut.
void Runner::console_line(const record::Event& line) {
  const auto observation = profile_->observe(whole_words_of(line));
  if (observation) {
    note(line.at, EventKind::observed, observation->text);
  }
  if (observation && !observation->phase.empty()) {
    enter_phase(line.at, observation->phase);
  }
  if (line.value == record::kBrokenOff) return;  // its power is gone: nothing follows from it
  match_console(line);
  if (observation && !power_on_at_) {
    observed(line.at, observation->text);
  }
}

void Runner::observed(base::Instant at, std::string_view text) {
  const std::string_view name = record::first_word(text);
  if (name == seen::kBoot) {
    restarted(at);
  } else if (name == seen::kApn) {
    const auto told = record::field(text, "apn").value_or("");
    apn_ = told == "kept" ? apn_ : std::string(told);
  } else if (name == seen::kOnline) {
    came_online(at, text);
  }
}

void Runner::enter_phase(base::Instant at, const std::string& phase) {
  const std::string left = std::exchange(phase_, phase);
  if (left != phase) actions_.push_back(EnterPhase{phase});
  if (cut_state_ != CutState::armed || left == phase) {
    return;
  }
  const auto* trigger = std::get_if<record::PhaseTrigger>(&plan_.cut->trigger);
  if (trigger != nullptr && trigger->phase == (trigger->leaving ? left : phase)) {
    fire(at);
  }
}

void Runner::match_console(const record::Event& line) {
  if (cut_state_ != CutState::armed || !pattern_ || !pattern_->found_in(line.text)) {
    return;
  }
  if (++console_matches_ == std::get<record::ConsoleTrigger>(plan_.cut->trigger).match) {
    fire(line.at);
  }
}

void Runner::power_event(const record::Event& event) {
  if (event.kind == EventKind::off) {
    online_.reset();
    if (event.text.find("modem") != event.text.npos) {
      apn_.clear();
    }
  }
  restarted(event.at);
}

// From here on the device owes us an "online". A device that restarts again and again gets no more
// time for it.
void Runner::restarted(base::Instant at) {
  online_.reset();
  if (stage_ == Stage::settling) {
    unsettled(at);
  }
  const bool waiting = stage_ == Stage::updating || stage_ == Stage::recovering;
  if (waiting && !online_by_ && !power_on_at_) {
    online_by_ = at + plan_.contract.online_within;
  }
}

// A boot loop shows itself within a second or two of virtual time; watching a million more restarts
// proves nothing that the first few do not.
void Runner::count_restart(base::Instant at) {
  const bool loops = ++restarts_ > plan_.contract.max_boots + 1;
  if (loops && online_by_ && !power_on_at_) {
    note(at, EventKind::note,
         "gives up waiting: " + std::to_string(restarts_) + " restarts in a row");
    online_by_.reset();
    offline_too_long(at);
  }
}

void Runner::came_online(base::Instant at, std::string_view text) {
  online_ = record::Versions{.user = version(text, "user"),
                             .system = version(text, "system"),
                             .bootloader = version(text, "bootloader")};
  online_normal_ = record::field(text, "mode") == "normal";
  restarts_ = 0;
  online_in_stage(at);
}

Actions Runner::trigger_fired(base::Instant now) {
  if (cut_state_ == CutState::armed) {
    fire(now);
  }
  return take();
}

Actions Runner::expire(base::Instant now) {
  const auto due = [now](std::optional<base::Instant>& at) {
    const bool is_due = at && *at <= now;
    if (is_due) {
      at.reset();
    }
    return is_due;
  };
  if (due(cut_at_)) {
    cut(now);
  }
  if (due(power_on_at_)) {
    power_on_due(now);
  }
  if (due(settled_at_)) {
    reboot_or_go_on(now);
  }
  if (due(update_by_)) {
    update_too_long(now);
  }
  if (due(online_by_)) {
    offline_too_long(now);
  }
  return take();
}

std::optional<base::Instant> Runner::wake_time() const {
  std::optional<base::Instant> first;
  for (const auto& timer : {cut_at_, power_on_at_, settled_at_, update_by_, online_by_}) {
    if (timer && (!first || *timer < *first)) {
      first = timer;
    }
  }
  return first;
}

}  // namespace rig::scenario
