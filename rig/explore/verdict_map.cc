#include "explore/verdict_map.h"

#include <algorithm>

#include "record/cut_plan_words.h"

namespace rig::explore {
namespace {

class Mapper {
 public:
  explicit Mapper(const Exploration& exploration)
      : exploration_(exploration),
        changes_(exploration.knowledge().behaviour_of(kStart).trace.changes),
        base_(exploration.flash().range.start) {}

  std::vector<MapRun> map() {
    std::vector<Stretch> stretches = exploration_.stretches(kStart);
    std::sort(stretches.begin(), stretches.end(), [](const Stretch& left, const Stretch& right) {
      return std::pair(left.model, left.first) < std::pair(right.model, right.first);
    });
    for (const Stretch& stretch : stretches) {
      for (std::uint64_t op = stretch.first; op <= stretch.last; ++op) add(stretch, op);
    }
    return std::move(runs_);
  }

 private:
  void add(const Stretch& stretch, std::uint64_t op) {
    const Change& change = changes_[op - 1];
    const std::uint32_t from = base_ + change.offset();
    const std::uint32_t until = from + change.bytes();
    std::optional<record::Verdict> verdict;
    if (stretch.target != kUndecided) {
      verdict = exploration_.knowledge().behaviour_of(stretch.target).trace.ending.verdict;
    }
    if (!runs_.empty() && model_ == stretch.model && runs_.back().verdict == verdict &&
        runs_.back().last + 1 == op && runs_.back().until == from && !change.is_erase()) {
      runs_.back().last = op;
      runs_.back().until = until;
      return;
    }
    model_ = stretch.model;
    const record::TornModel torn = exploration_.models().model(change, op, stretch.model);
    runs_.push_back({.operation = change.is_erase() ? "erase" : "program",
                     .model = std::string(record::name_of(torn.kind)),
                     .first = op,
                     .last = op,
                     .from = from,
                     .until = until,
                     .verdict = verdict});
  }

  const Exploration& exploration_;
  const std::vector<Change>& changes_;
  const std::uint32_t base_;
  std::vector<MapRun> runs_;
  std::size_t model_{};
};

bool passes(const MapRun& run) {
  return run.verdict && record::class_of(*run.verdict) == record::VerdictClass::pass;
}

}  // namespace

std::vector<MapRun> map_of(const Exploration& exploration) {
  std::vector<MapRun> runs = Mapper(exploration).map();
  std::stable_sort(runs.begin(), runs.end(), [](const MapRun& left, const MapRun& right) {
    if (passes(left) != passes(right)) return passes(right);
    return left.last - left.first > right.last - right.first;
  });
  if (runs.size() > kMostMapRuns) runs.resize(kMostMapRuns);
  return runs;
}

}  // namespace rig::explore
