#include "record/facts.h"

#include <charconv>
#include <set>

#include "record/trial.h"
#include "record/vocabulary.h"

namespace rig::record {
namespace {

enum class Stretch : std::uint8_t { before, recovery, follow_up };

bool image_destroyed(std::string_view text) {
  const auto state = field(text, "user_state").value_or("");
  return state == "invalid" || state == "crc" || state == "factory-restore";
}

std::optional<std::uint64_t> number_in(std::string_view text, std::string_view key) {
  const auto digits = field(text, key).value_or("");
  std::uint64_t value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = !digits.empty() && end == digits.data() + digits.size();
  return whole && error == std::errc{} ? std::optional(value) : std::nullopt;
}

bool is_factory(std::string_view text, std::string_view key) {
  return version_in(text, key) == std::uint16_t{0};
}

Online online_in(const Event& event) {
  return {.at = event.at,
          .safe_mode = field(event.text, "mode") == "safe",
          .runs = {.user = version_in(event.text, "user"),
                   .system = version_in(event.text, "system"),
                   .bootloader = version_in(event.text, "bootloader")},
          .text = event.text};
}

// Reads a timeline once, event by event. State that a restart or a loss of power ends is cleared
// where that happens; what is left at the end of a stretch stands.
class Collector {
 public:
  Collector(const Contract& contract, const Timeline& timeline)
      : contract_(contract), timeline_(timeline) {
    facts_.trial = trial_of(contract, timeline);
  }
  Facts collect();
  [[nodiscard]] std::string history();

 private:
  void look_at(const Event& event);
  void enter(Stretch stretch, base::Instant at);
  void rig(const Event& event);
  void power(const Event& event);
  void modem_state(const Event& event);
  void processor(const Event& event);
  void observed(const Event& event, std::string_view name);
  void online(const Event& event);
  void system(const Event& event);
  void update_step(const Event& event, std::string_view name);
  void abandoned(const Event& event);
  void restart();
  void destroyed(const Event& event, const std::string& what);
  void later_failure(const Event& event, const std::string& what);
  void sign_of_life(const Event& event, std::string_view name);

  const Contract& contract_;
  const Timeline& timeline_;
  Facts facts_;
  Recovery now_;  // running state; its copy at the end of the recovery is the result
  Stretch stretch_{Stretch::before};
  std::set<std::string> in_work_;      // modules begun and not yet applied
  std::set<std::string> interrupted_;  // in work at the disturbance, fate unknown yet
  bool reboot_pending_{false};
  std::uint32_t boots_{};
  std::uint32_t resets_{};
};

Facts Collector::collect() {
  for (std::size_t i = 0; i < timeline_.size(); ++i) {
    const Event& event = timeline_[i];
    if (stretch_ == Stretch::before && i == facts_.trial.recovery_from) {
      enter(Stretch::recovery, event.at);
    }
    if (stretch_ == Stretch::recovery && i == facts_.trial.recovery_until) {
      enter(Stretch::follow_up, event.at);
    }
    look_at(event);
  }
  if (stretch_ != Stretch::follow_up) {
    enter(Stretch::follow_up, timeline_.empty() ? base::kCycleStart : timeline_.back().at);
  }
  facts_.follow_up.online = now_.online;
  facts_.follow_up.apn = now_.apn;
  return std::move(facts_);
}

void Collector::look_at(const Event& event) {
  switch (event.lane) {
    case Lane::rig:
      rig(event);
      break;
    case Lane::power:
      power(event);
      break;
    case Lane::console:
      now_.last_line = Evidence{event.at, event.text};
      now_.loop.reset();
      break;
    case Lane::device:
      observed(event, first_word(event.text));
      break;
    case Lane::cpu:
      processor(event);
      break;
    case Lane::modem:
      modem_state(event);
      break;
    case Lane::server:
      if (event.kind == EventKind::offer) {
        now_.busy = Evidence{event.at, event.text};
      }
      break;
    case Lane::flash:
    case Lane::link:
      break;
  }
}

// What enter(Stretch::recovery) and the loss of power itself clear is left out.
std::string Collector::history() {
  for (const Event& event : timeline_) look_at(event);
  std::string text = "phase=" + now_.phase;
  const auto add = [&text](const char* name, std::string_view value) {
    text += std::string("|") + name + "=" + std::string(value);
  };
  const auto add_evidence = [&add](const char* name, const std::optional<Evidence>& evidence) {
    if (evidence) add(name, evidence->text);
  };
  if (now_.last_online) add("online", now_.last_online->text);
  if (now_.apn) add("apn", now_.apn->name + "," + now_.apn->source);
  add_evidence("refused", now_.refused);
  add_evidence("busy", now_.busy);
  add_evidence("deadline", now_.deadline);
  add_evidence("settings", now_.settings);
  add_evidence("unmodelled", now_.unmodelled);
  if (now_.update_expired) add("expired", "yes");
  if (now_.tries.count != 0) {
    add("tries", std::to_string(now_.tries.count) + "," + std::to_string(now_.tries.bytes) + "," +
                     std::to_string(now_.tries.of) + "," + now_.tries.reason);
  }
  for (const std::string& module : in_work_) add("in-work", module);
  return text;
}

void Collector::enter(Stretch stretch, base::Instant at) {
  stretch_ = stretch;
  if (stretch == Stretch::recovery) {
    if (!facts_.trial.disturbed_by) {
      now_.phase = "none";
    } else if (now_.phase == "none") {
      now_.phase = kIdlePhase;
    }
    facts_.recovery.phase = now_.phase;
    if (now_.settings) {
      now_.settings_before = now_.settings->text;
      now_.settings.reset();
    }
    interrupted_ = in_work_;
    now_.restarted = false;
    now_.powered_on = false;
    now_.told.reset();
    now_.life.reset();
    now_.last_line.reset();
    boots_ = resets_ = 0;
  } else if (stretch == Stretch::follow_up) {
    const std::string phase = facts_.recovery.phase;
    facts_.recovery = now_;
    facts_.recovery.phase = phase;
    facts_.recovery.restarts = std::max(boots_, resets_);
    facts_.recovery.at_end = at;
  }
}

void Collector::rig(const Event& event) {
  if (event.kind == EventKind::update_offered) {
    now_.phase = kIdlePhase;
  }
  if (event.kind == EventKind::clean_reboot) {
    reboot_pending_ = true;
  }
  if (event.kind != EventKind::deadline) {
    return;
  }
  now_.deadline = Evidence{event.at, event.text};
  if (event.text == wait::kUpdateFinished) {
    now_.update_expired = event.at;
  }
  if (event.text == wait::kRebootOnline) {
    later_failure(event, "not online again after a clean reboot");
  }
  if (event.text == wait::kSecondUpdate) {
    later_failure(event, "the second update did not finish");
  }
}

void Collector::power(const Event& event) {
  const Domains which = domains_in(event.text);
  if (event.kind == EventKind::off) {
    now_.online.reset();
    if (which.modem) {
      now_.apn.reset();
    }
  } else if (which.board) {
    now_.powered_on = true;
    now_.last_line.reset();
    now_.life.reset();
    now_.dfu.reset();
  }
}

void Collector::modem_state(const Event& event) {
  if (event.kind != EventKind::state) {
    return;
  }
  if (event.text.starts_with("attached")) {
    if (const auto name = field(event.text, "apn")) {
      const bool same = now_.apn && now_.apn->name == *name;
      now_.apn = Apn{event.at, std::string(*name), same ? now_.apn->source : ""};
    }
  } else if (event.text.starts_with("psd lost") || event.text.starts_with("power off")) {
    now_.apn.reset();
  }
}

void Collector::processor(const Event& event) {
  if (event.kind == EventKind::reset) {
    ++resets_;
    restart();
  } else if (event.kind == EventKind::fault && event.text.starts_with("runaway")) {
    now_.loop = Evidence{event.at, event.text};
  } else if (event.kind == EventKind::fault && event.text.starts_with("unmodelled") &&
             !now_.unmodelled) {
    now_.unmodelled = Evidence{event.at, event.text};
  }
}

void Collector::restart() {
  now_.loop.reset();
  now_.restarted = true;
  now_.online.reset();
  now_.dfu.reset();
}

void Collector::observed(const Event& event, std::string_view name) {
  if (const auto phase = field(event.text, "phase"); phase && stretch_ == Stretch::before) {
    now_.phase = *phase;
  }
  sign_of_life(event, name);
  if (name == seen::kBoot) {
    ++boots_;
    restart();
  } else if (name == seen::kDfu) {
    now_.dfu = Evidence{event.at, event.text};
  } else if (name == seen::kSystem) {
    system(event);
  } else if (name == seen::kOnline) {
    online(event);
  } else if (name == seen::kUser && is_factory(event.text, "ver")) {
    destroyed(event, "the factory application runs");
  } else if (name == seen::kRefused) {
    now_.refused = Evidence{event.at, event.text};
  } else if (name == seen::kApn) {
    const auto told = field(event.text, "apn").value_or("");
    if (told != "kept") {
      now_.apn = now_.told =
          Apn{event.at, std::string(told), std::string(field(event.text, "source").value_or(""))};
    }
  }
  update_step(event, name);
}

void Collector::sign_of_life(const Event& event, std::string_view name) {
  for (const std::string_view living : {seen::kSystem, seen::kUser, seen::kApn, seen::kRefused,
                                        seen::kAttached, seen::kOnline, seen::kUpdateBegin}) {
    if (name == living) {
      now_.life = Evidence{event.at, event.text};
    }
  }
}

void Collector::online(const Event& event) {
  now_.online = now_.last_online = online_in(event);
  now_.busy.reset();
  now_.refused.reset();
  if (now_.online->runs.user == std::uint16_t{0}) {
    destroyed(event, "the factory application is online");
  }
  if (stretch_ == Stretch::follow_up) {
    facts_.follow_up.reboots += reboot_pending_ ? 1 : 0;
    reboot_pending_ = false;
    facts_.follow_up.second_update =
        contract_.second_user.has_value() && now_.online->runs.user == contract_.second_user;
  }
}

void Collector::system(const Event& event) {
  if (image_destroyed(event.text)) {
    destroyed(event, "booted without a runnable user application");
  }
  if (const auto store = field(event.text, "apn_store")) {
    now_.settings = Evidence{event.at, std::string(*store)};
  }
}

void Collector::destroyed(const Event& event, const std::string& what) {
  if (stretch_ == Stretch::recovery && !now_.image_lost) {
    now_.image_lost = Evidence{event.at, what + " (" + event.text + ")"};
  } else if (stretch_ == Stretch::follow_up) {
    later_failure(event, what);
  }
}

void Collector::later_failure(const Event& event, const std::string& what) {
  if (stretch_ == Stretch::follow_up && !facts_.follow_up.failed) {
    facts_.follow_up.failed = Evidence{event.at, what + " (" + event.text + ")"};
  }
}

void Collector::abandoned(const Event& event) {
  const auto bytes = number_in(event.text, "bytes");
  const auto of = number_in(event.text, "of");
  if (!bytes || !of || !now_.busy) {
    return;
  }
  Tries& tries = now_.tries;
  ++tries.count;
  if (tries.count == 1 || *bytes > tries.bytes) {
    tries.bytes = *bytes;
    tries.of = *of;
    tries.length = event.at - now_.busy->at;
    tries.reason = field(event.text, "reason").value_or("");
  }
}

// A module that was in work at the disturbance is either begun again (retried) or applied from what
// was already on the device (resumed), whichever comes first.
void Collector::update_step(const Event& event, std::string_view name) {
  const std::string module(field(event.text, "module").value_or(""));
  if (name == seen::kCopy && module == "factory") {
    destroyed(event, "the factory copy is put in place of the user application");
  } else if (name == seen::kUpdateBegin) {
    const bool again = !in_work_.insert(module).second;
    interrupted_.erase(module);
    now_.busy = Evidence{event.at, event.text};
    if (stretch_ == Stretch::recovery && again) {
      now_.retried = module;
    }
  } else if (name == seen::kUpdateAbandoned) {
    abandoned(event);
  } else if (name == seen::kCopied && field(event.text, "result") == "ok") {
    in_work_.erase(module);
    if (stretch_ == Stretch::recovery && interrupted_.erase(module) > 0 &&
        facts_.trial.disturbed_by) {
      now_.resumed = module;
    }
  }
}

}  // namespace

std::optional<std::uint16_t> version_in(std::string_view text, std::string_view key) {
  const auto digits = field(text, key).value_or("");
  std::uint16_t value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

std::string history_of(const Contract& contract, const Timeline& timeline) {
  return Collector(contract, timeline).history();
}

Facts facts_of(const Contract& contract, const Timeline& timeline) {
  return Collector(contract, timeline).collect();
}

}  // namespace rig::record
