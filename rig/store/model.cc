#include "store/model.h"

#include <numeric>

namespace rig::store {

std::string_view name_of(CampaignState state) {
  switch (state) {
    case CampaignState::running:
      return "running";
    case CampaignState::finished:
      return "finished";
    case CampaignState::interrupted:
      return "interrupted";
  }
  return "";
}

CampaignState campaign_state_named(std::string_view name) {
  if (name == "finished") return CampaignState::finished;
  return name == "interrupted" ? CampaignState::interrupted : CampaignState::running;
}

std::string_view name_of(CycleKind kind) {
  switch (kind) {
    case CycleKind::control:
      return "control";
    case CycleKind::cut:
      return "cut";
    case CycleKind::run:
      return "run";
  }
  return "";
}

std::string_view name_of(CampaignRole role) {
  switch (role) {
    case CampaignRole::trial:
      return "trial";
    case CampaignRole::known_bad:
      return "known-bad";
  }
  return "";
}

void VerdictCounts::add(record::Verdict verdict, std::uint64_t more) {
  counts_[static_cast<std::size_t>(verdict)] += more;
}

std::uint64_t VerdictCounts::of(record::Verdict verdict) const {
  return counts_[static_cast<std::size_t>(verdict)];
}

std::uint64_t VerdictCounts::of(record::VerdictClass verdict_class) const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kVerdictCount; ++i) {
    if (record::class_of(static_cast<record::Verdict>(i)) == verdict_class) sum += counts_[i];
  }
  return sum;
}

std::uint64_t VerdictCounts::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{});
}

std::uint64_t VerdictCounts::trials() const { return total() - of(record::VerdictClass::no_trial); }

std::uint64_t VerdictCounts::failures() const {
  return of(record::VerdictClass::degraded) + of(record::VerdictClass::lost);
}

}  // namespace rig::store
