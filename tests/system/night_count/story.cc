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
  explicit Recovery(std::set<std::string> begun) : begun_(begun), hit_(std::move(begun)) {}

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
    if (word(online_, "user") != target) return cut ? "rolled-back" : "stuck";
    if (sent_again_) return "retried";
    return cut && went_on_ ? "resumed" : "survived-new";
  }

 private:
  void device(const RawEvent& event) {
    if (says(event, "dfu")) waits_for_tool_ = true;
    if (says(event, "online")) online_ = event.text;
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
  std::string online_;           // what it said when it was online; empty since it restarted
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

Story after(Place offer, Place loss, Place end, bool cut) {
  Recovery recovery(cut ? on_their_way(offer, loss) : std::set<std::string>());
  std::for_each(cut ? loss : offer, end, [&](const RawEvent& event) { recovery.see(event); });
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
    return after(offer, none, end_of_recovery(offer, none), false);
  }
  const Place landed = find(kCutLanded);
  if (find(kCutMissed) != none || landed == none) return {.verdict = "void"};
  const Place loss = loss_of(timeline, landed);
  if (loss == none) return {.verdict = "void"};
  Story story = after(offer, loss, end_of_recovery(loss, none), true);
  story.phase = phase_at(offer, loss);
  return story;
}

}  // namespace night_count
