#include "campaign/strata.h"

#include <algorithm>
#include <numeric>

#include "record/vocabulary.h"

namespace rig::campaign {
namespace {

using record::Event;
using record::EventKind;

Stratum& stratum_of(std::vector<Stratum>& strata, const std::string& phase) {
  const auto found = std::find_if(strata.begin(), strata.end(),
                                  [&](const Stratum& each) { return each.phase == phase; });
  if (found != strata.end()) return *found;
  return strata.emplace_back(Stratum{.phase = phase});
}

void add_operation(Stratum& stratum, const scenario::FlashOpInfo& op) {
  if (!stratum.operations.empty()) {
    OpRun& last = stratum.operations.back();
    if (last.erase == op.erase && last.first + last.count == op.index) {
      ++last.count;
      return;
    }
  }
  stratum.operations.push_back({.first = op.index, .count = 1, .erase = op.erase});
}

// Follows the update through its phases.
class Walk {
 public:
  explicit Walk(base::Instant offer) : offer_(offer), entered_(offer) {}

  void enter(const std::string& phase, base::Instant at) {
    if (phase == phase_) return;
    leave(at);
    phase_ = phase;
    entered_ = at;
  }
  void leave(base::Instant at) {
    if (at <= entered_) return;
    stratum_of(strata_, phase_)
        .stays.push_back({.begins = entered_ - offer_, .length = at - entered_});
  }
  [[nodiscard]] std::vector<Stratum> take() { return std::move(strata_); }

 private:
  base::Instant offer_;
  base::Instant entered_;
  std::string phase_{record::kIdlePhase};
  std::vector<Stratum> strata_;
};

bool ends_update(const Event& event) {
  return event.kind == EventKind::clean_reboot || event.kind == EventKind::update_offered;
}

}  // namespace

base::Duration length_of(const Stratum& stratum) {
  return std::accumulate(stratum.stays.begin(), stratum.stays.end(), base::Duration{},
                         [](base::Duration sum, const Stay& stay) { return sum + stay.length; });
}

std::uint64_t operations_in(const Stratum& stratum) {
  return std::accumulate(stratum.operations.begin(), stratum.operations.end(), std::uint64_t{},
                         [](std::uint64_t sum, const OpRun& run) { return sum + run.count; });
}

std::vector<Stratum> strata_of(const record::Timeline& control,
                               std::span<const scenario::FlashOpInfo> operations) {
  auto event = std::find_if(control.begin(), control.end(), [](const Event& each) {
    return each.kind == EventKind::update_offered;
  });
  if (event == control.end()) return {};
  Walk walk(event->at);
  base::Instant last = event->at;
  for (++event; event != control.end() && !ends_update(*event); ++event) {
    if (event->kind != EventKind::observed) continue;
    last = event->at;
    if (const auto phase = record::field(event->text, "phase"))
      walk.enter(std::string(*phase), event->at);
  }
  walk.leave(event == control.end() ? last : event->at);
  std::vector<Stratum> strata = walk.take();
  for (const scenario::FlashOpInfo& op : operations)
    add_operation(stratum_of(strata, op.phase), op);
  return strata;
}

}  // namespace rig::campaign
