#include "night_count/story.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace night_count {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

bool is(const RawEvent& event, int lane, int kind) {
  return event.lane == lane && event.kind == kind;
}

// "online mode=normal user=2": the word behind `key` and an equals sign.
std::string word(const std::string& text, const std::string& key) {
  const std::size_t found = (" " + text).find(" " + key + "=");
  if (found == std::string::npos) return "";
  const std::size_t begin = found + key.size() + 1;
  return text.substr(begin, text.find(' ', begin) - begin);
}

bool says(const RawEvent& event, const std::string& name) {
  return event.lane == kDevice && event.text.substr(0, event.text.find(' ')) == name;
}

using Place = std::vector<RawEvent>::const_iterator;

// Where the recovery ends: what follows is clean reboots and another update.
Place end_of_recovery(Place begin, Place end) {
  return std::find_if(begin, end, [](const RawEvent& event) {
    return is(event, kRig, kCleanReboot) || is(event, kRig, kCycleEnd) ||
           (is(event, kRig, kUpdateOffered) && event.value > 1);
  });
}

// The device between the cut (or the offer) and the end of the recovery.
class Recovery {
 public:
  Recovery(std::set<std::string> begun, std::string setting)
      : begun_(begun), hit_(std::move(begun)), setting_(std::move(setting)) {}

  void see(const RawEvent& event) {
    if (is(event, kPower, kOff)) online_.clear();
    if (is(event, kPower, kOn)) heard_ = waits_for_tool_ = false;
    if (is(event, kCpu, kReset) || says(event, "boot")) {
      restarted_ = true;
      waits_for_tool_ = false;
      online_.clear();
    }
    if (event.lane == kConsole) heard_ = true;
    if (event.lane == kDevice) device(event);
  }

  [[nodiscard]] std::string ending(const std::string& target, bool cut) const {
    if (online_.empty()) {
      if (!heard_) return "bricked";
      return waits_for_tool_ ? "bricked-soft" : "unreachable";
    }
    if (cut && !restarted_) return "void";
    if (lost_image_ || word(online_, "user") == "0") return "user-firmware-lost";
    if (word(online_, "mode") == "safe") return "stuck";
    if (setting_lost_) return "config-lost";
    if (word(online_, "user") != target) return cut ? "rolled-back" : "stuck";
    if (sent_again_) return "retried";
    return cut && went_on_ ? "resumed" : "survived-new";
  }

 private:
  void device(const RawEvent& event) {
    if (says(event, "dfu")) waits_for_tool_ = true;
    if (says(event, "online")) online_ = event.text;
    if (says(event, "system") && setting_ != "" && setting_ != "none") {
      setting_lost_ = word(event.text, "apn_store") == "none";
    }
    const std::string state = word(event.text, "user_state");
    const bool broken = state == "invalid" || state == "crc" || state == "factory-restore";
    const bool factory = says(event, "user") && word(event.text, "ver") == "0";
    const std::string module = word(event.text, "module");
    if ((says(event, "system") && broken) || factory) lost_image_ = true;
    if (says(event, "copy") && module == "factory") lost_image_ = true;
    if (says(event, "update-begin")) {
      if (!begun_.insert(module).second) sent_again_ = true;
      hit_.erase(module);
    }
    if (says(event, "copied") && word(event.text, "result") == "ok") {
      begun_.erase(module);
      if (hit_.erase(module) > 0) went_on_ = true;
    }
  }

  std::set<std::string> begun_;  // modules on their way
  std::set<std::string> hit_;    // those of them that were when the power went
  std::string setting_;          // the APN that it had stored
  std::string online_;           // what it said when it was online; empty since it restarted
  bool setting_lost_{false};
  bool heard_{false};
  bool waits_for_tool_{false};
  bool restarted_{false};
  bool lost_image_{false};
  bool sent_again_{false};
  bool went_on_{false};
};

std::set<std::string> on_their_way(Place begin, Place end) {
  std::set<std::string> modules;
  for (; begin != end; ++begin) {
    const std::string module = word(begin->text, "module");
    if (says(*begin, "update-begin")) modules.insert(module);
    if (says(*begin, "copied") && word(begin->text, "result") == "ok") modules.erase(module);
  }
  return modules;
}

// What it said last of its stored APN.
std::string setting_at(Place begin, Place end) {
  std::string setting;
  for (; begin != end; ++begin) {
    if (says(*begin, "system")) setting = word(begin->text, "apn_store");
  }
  return setting;
}

// `loss`: where the power went; the end of the timeline when it did not.
Story after(const std::vector<RawEvent>& timeline, Place offer, Place loss) {
  const bool cut = loss != timeline.end();
  const Place from = cut ? loss : offer;
  Recovery recovery(cut ? on_their_way(offer, loss) : std::set<std::string>(),
                    setting_at(timeline.begin(), from));
  std::for_each(from, end_of_recovery(from, timeline.end()),
                [&](const RawEvent& event) { recovery.see(event); });
  return {.phase = "none", .verdict = recovery.ending(word(offer->text, "user"), cut)};
}

// The last phase that the device showed.
std::string phase_at(Place begin, Place end) {
  std::string phase = "idle";
  for (; begin != end; ++begin) {
    const std::string shown = word(begin->text, "phase");
    if (begin->lane == kDevice && !shown.empty()) phase = shown;
  }
  return phase;
}

// The board's power goes within a second of the cut.
Place loss_of(const std::vector<RawEvent>& timeline, Place landed) {
  return std::find_if(timeline.begin(), timeline.end(), [&](const RawEvent& event) {
    return is(event, kPower, kOff) && event.text.find("board") != std::string::npos &&
           std::llabs(event.at_ns - landed->at_ns) <= kSecondNs;
  });
}

}  // namespace

Story story_of(const std::vector<RawEvent>& timeline, bool planned) {
  const auto find = [&](int kind) {
    return std::find_if(timeline.begin(), timeline.end(),
                        [&](const RawEvent& event) { return is(event, kRig, kind); });
  };
  const Place none = timeline.end();
  const Place offer = find(kUpdateOffered);
  if (find(kRigFault) != none || find(kCycleEnd) == none) return {.verdict = "rig-fault"};
  if (!planned) {
    if (offer == none) return {.verdict = "flaky-baseline"};
    return after(timeline, offer, none);
  }
  const Place landed = find(kCutLanded);
  if (find(kCutMissed) != none || landed == none) return {.verdict = "void"};
  const Place loss = loss_of(timeline, landed);
  if (loss == none) return {.verdict = "void"};
  Story story = after(timeline, offer, loss);
  story.phase = phase_at(offer, loss);
  return story;
}

}  // namespace night_count
