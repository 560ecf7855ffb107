#include "report/sentence.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace rig::report {
namespace {

using record::Verdict;
using record::VerdictClass;
using store::CampaignState;
using store::CampaignSummary;

struct Words {
  Verdict verdict;
  std::string_view one;   // "1 of 120 cuts ..."
  std::string_view many;  // "37 of 120 cuts ..."
  std::string_view meaning;
};

constexpr std::array<Words, store::kVerdictCount> kWords{{
    {Verdict::survived_new, "finishes the update undisturbed", "finish the update undisturbed",
     "update finished, all data intact"},
    {Verdict::resumed, "resumes the update", "resume the update",
     "update continued after the cut and finished"},
    {Verdict::retried, "finishes the update when it is offered again",
     "finish the update when it is offered again", "update lost, offered again, finished"},
    {Verdict::rolled_back, "keeps the old firmware with all data",
     "keep the old firmware with all data", "old firmware, all data intact"},
    {Verdict::config_lost, "loses a setting", "lose settings",
     "a setting other than the APN is gone"},
    {Verdict::apn_wrong, "leaves a wrong APN", "leave a wrong APN",
     "an APN is present, but not the expected one"},
    {Verdict::apn_lost, "loses the APN", "lose the APN", "no APN, or the built-in default"},
    {Verdict::wrong_image, "leaves an image running that must not run",
     "leave an image running that must not run", "something runs that must not run"},
    {Verdict::user_firmware_lost, "loses the user application", "lose the user application",
     "user application missing, corrupt or replaced by the factory image"},
    {Verdict::unreachable, "leaves the device unreachable for good",
     "leave the device unreachable for good", "runs, but never gets online"},
    {Verdict::silent, "leaves the device silent", "leave the device silent",
     "powered, says nothing any more"},
    {Verdict::stuck, "leaves the device stuck", "leave the device stuck",
     "boot loop, or an update that never finishes"},
    {Verdict::bricked_soft, "bricks the device until somebody comes with a local tool",
     "brick the device until somebody comes with a local tool", "only a local tool brings it back"},
    {Verdict::bricked, "bricks the device", "brick the device",
     "nothing on the console after a power cycle"},
    {Verdict::latent, "leaves damage that shows at a later restart or update",
     "leave damage that shows at a later restart or update",
     "fails at a later restart or at the next update"},
    {Verdict::void_trial, "", "", "the cut did not land where it was planned: proves nothing"},
    {Verdict::rig_fault, "", "", "relay, port or host failed: proves nothing"},
    {Verdict::flaky_baseline, "", "", "the control run without a cut fails: proves nothing"},
}};

const Words& words_of(Verdict verdict) { return kWords[static_cast<std::size_t>(verdict)]; }

std::string label_words(const std::string& key, const std::string& value) {
  if (key == "bootloader" || key == "domains" || key == "mitigation") return value;
  if (key == "sim") return value.ends_with("SIM") ? value : value + " SIM";
  return key + " " + value;
}

std::string place_of(const store::FirstCut& first) {
  const std::string where =
      first.cut.op != 0 ? fmt::format("at op {}", with_separators(first.cut.op))
      : first.cut.at    ? fmt::format("{:.1f} s into the cycle", base::to_seconds(*first.cut.at))
                        : "at an unknown instant";
  return fmt::format("first {} in phase {}", where, first.phase);
}

// Worst first, as nobody reads to the end.
std::vector<const store::FirstCut*> shown(const CampaignSummary& summary, bool failures) {
  std::vector<const store::FirstCut*> found;
  for (const store::FirstCut& first : summary.first_cuts) {
    const VerdictClass each = record::class_of(first.verdict);
    if (each != VerdictClass::no_trial && (each != VerdictClass::pass) == failures) {
      found.push_back(&first);
    }
  }
  if (failures) std::reverse(found.begin(), found.end());
  return found;
}

std::string failing_words(const CampaignSummary& summary) {
  const auto failures = shown(summary, true);
  std::string out;
  for (const store::FirstCut* first : failures) {
    const std::uint64_t count = summary.cuts.of(first->verdict);
    const Words& words = words_of(first->verdict);
    const std::string total =
        out.empty() ? fmt::format(" of {} cuts", with_separators(summary.cuts.trials())) : "";
    out += fmt::format("{}{}{} {}", out.empty() ? "" : ", ", with_separators(count), total,
                       count == 1 ? words.one : words.many);
    if (failures.size() > 1) out += fmt::format(" ({})", place_of(*first));
  }
  return failures.size() == 1 ? out + "; " + place_of(*failures.front()) : out;
}

std::string passing_words(const CampaignSummary& summary) {
  std::string out;
  for (const store::FirstCut* first : shown(summary, false)) {
    const std::uint64_t count = summary.cuts.of(first->verdict);
    const Words& words = words_of(first->verdict);
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", with_separators(count),
                       count == 1 ? words.one : words.many);
  }
  return fmt::format("none of {} cuts harms the device: {}", with_separators(summary.cuts.trials()),
                     out);
}

std::string occurring(const store::VerdictCounts& counts) {
  std::string out;
  for (const Words& words : kWords) {
    if (counts.of(words.verdict) == 0) continue;
    out += fmt::format("{}{}", out.empty() ? "" : ", ", record::name_of(words.verdict));
  }
  return out;
}

// Runs in which the rig cut nothing; what the scenario itself did to the device is in its title.
std::string run_words(const store::VerdictCounts& runs) {
  std::string out;
  for (const Words& words : kWords) {
    const std::uint64_t count = runs.of(words.verdict);
    if (count == 0) continue;
    const std::string_view what = words.one.empty() ? words.meaning : words.one;
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ",
                       count == 1 ? "" : fmt::format("{} times: ", count), what);
  }
  return "the plain run, in which the rig cuts nothing, " + out;
}

std::string answer(const CampaignSummary& summary) {
  if (summary.cuts.trials() != 0) {
    return summary.cuts.failures() != 0 ? failing_words(summary) : passing_words(summary);
  }
  if (summary.controls.of(VerdictClass::pass) != summary.controls.total()) {
    return fmt::format("no answer, the control run without a cut fails ({})",
                       occurring(summary.controls));
  }
  if (summary.runs.total() != 0) return run_words(summary.runs);
  return "no answer, no cut landed";
}

std::string remarks(const CampaignSummary& summary) {
  std::string out;
  const std::uint64_t no_trial = summary.cuts.of(VerdictClass::no_trial);
  if (no_trial != 0) {
    store::VerdictCounts left;
    for (const Words& words : kWords) {
      if (record::class_of(words.verdict) == VerdictClass::no_trial) {
        left.add(words.verdict, summary.cuts.of(words.verdict));
      }
    }
    out += fmt::format("; {} more {} nothing ({})", with_separators(no_trial),
                       no_trial == 1 ? "cycle proves" : "cycles prove", occurring(left));
  }
  const store::Campaign& campaign = summary.campaign;
  if (campaign.state != CampaignState::finished && campaign.points_planned != 0) {
    out += fmt::format("; {}: {} of {} planned cuts are done", store::name_of(campaign.state),
                       with_separators(summary.cuts.total()),
                       with_separators(campaign.points_planned));
  }
  return out;
}

}  // namespace

std::string row_name(const store::Campaign& campaign) {
  std::string out;
  const auto add = [&](const std::string& key, const std::string& value) {
    if (value.empty() || value == "none") return;
    out += fmt::format("{}{}", out.empty() ? "" : ", ", label_words(key, value));
  };
  constexpr std::array<const char*, 4> kFirst{"bootloader", "sim", "domains", "mitigation"};
  for (const char* key : kFirst) {
    const auto found = campaign.labels.find(key);
    if (found != campaign.labels.end()) add(key, found->second);
  }
  for (const auto& [key, value] : campaign.labels) {
    if (std::find(kFirst.begin(), kFirst.end(), key) == kFirst.end()) add(key, value);
  }
  if (!out.empty()) return out;
  return campaign.title.empty() ? campaign.scenario : campaign.title;
}

std::string sentence_for(const CampaignSummary& summary) {
  return sentence_for(summary, row_name(summary.campaign));
}

std::string sentence_for(const CampaignSummary& summary, const std::string& name) {
  return fmt::format("{}: {}{}.", name, answer(summary), remarks(summary));
}

VerdictClass worst_class(const CampaignSummary& summary) {
  const store::VerdictCounts& counts = summary.cuts.total() != 0   ? summary.cuts
                                       : summary.runs.total() != 0 ? summary.runs
                                                                   : summary.controls;
  for (const auto each : {VerdictClass::lost, VerdictClass::degraded, VerdictClass::pass}) {
    if (counts.of(each) != 0) return each;
  }
  return VerdictClass::no_trial;
}

std::string_view meaning_of(Verdict verdict) { return words_of(verdict).meaning; }

std::string_view name_of(VerdictClass verdict_class) {
  switch (verdict_class) {
    case VerdictClass::pass:
      return "pass";
    case VerdictClass::degraded:
      return "degraded";
    case VerdictClass::lost:
      return "lost";
    case VerdictClass::no_trial:
      return "no trial";
  }
  return "";
}

std::string_view mark_of(VerdictClass verdict_class) {
  switch (verdict_class) {
    case VerdictClass::pass:
      return "✓";
    case VerdictClass::degraded:
      return "▲";
    case VerdictClass::lost:
      return "✕";
    case VerdictClass::no_trial:
      return "○";
  }
  return "";
}

std::string with_separators(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto left = static_cast<std::ptrdiff_t>(text.size()) - 3; left > 0; left -= 3) {
    text.insert(static_cast<std::size_t>(left), 1, ',');
  }
  return text;
}

std::string utc_text(std::int64_t unix_us) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(static_cast<std::time_t>(unix_us / 1'000'000)));
}

}  // namespace rig::report
