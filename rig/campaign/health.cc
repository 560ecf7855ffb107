#include "campaign/health.h"

#include <algorithm>

#include "record/unproven.h"

namespace rig::campaign {
namespace {

using namespace std::chrono_literals;
using record::Verdict;

constexpr int kMostAttempts = 3;
constexpr auto kFirstRest = 500ms;
constexpr auto kLongestRest = 30'000ms;

std::string cause_of(const record::Judgement& judgement) {
  std::string text(record::name_of(judgement.verdict));
  const auto says = [&](const record::Finding& each) {
    return each.verdict == judgement.verdict && each.holds && !each.text.empty();
  };
  const auto& findings = judgement.findings;
  const auto found = std::find_if(findings.begin(), findings.end(), says);
  return found == findings.end() ? text : text + ": " + found->text;
}

// Power was switched, or tried to be: a void cut that the device never got to is none of the rig's.
bool was_tried(const store::CycleOutcome& outcome) {
  if (outcome.judgement.verdict != Verdict::void_trial || outcome.cut.at) return true;
  return std::ranges::any_of(outcome.judgement.findings, [](const record::Finding& each) {
    return each.text.find(record::kUnprovenCut) != std::string::npos;
  });
}

}  // namespace

Health::Care Health::after(const store::CycleOutcome& outcome, bool offered) {
  const record::Judgement& judgement = outcome.judgement;
  if (record::class_of(judgement.verdict) != record::VerdictClass::no_trial) {
    attempts_ = 0;
    return Care::go_on;
  }
  if (offered && !was_tried(outcome)) return Care::go_on;
  if (attempts_ == 0) cause_ = cause_of(judgement);
  return ++attempts_ >= kMostAttempts ? Care::quarantine : Care::rest;
}

std::chrono::milliseconds Health::rest() const {
  auto rest = std::chrono::milliseconds(kFirstRest);
  for (int i = 1; i < attempts_ && rest < kLongestRest; ++i) rest *= 4;
  return std::min<std::chrono::milliseconds>(rest, kLongestRest);
}

}  // namespace rig::campaign
