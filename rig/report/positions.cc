#include "report/positions.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "statistics/detection.h"

namespace rig::report {
namespace {

using store::CycleRow;

constexpr std::uint64_t kColumns = 600;     // finest distance of two marks, in parts of the width
constexpr std::uint32_t kRowBytes = 4'096;  // and in height
constexpr std::size_t kBandColumns = 200;   // finest band, where phases overlap
constexpr std::size_t kBins = 40;
constexpr std::size_t kMostStretches = 20;  // more of them: phases overlap
constexpr std::size_t kFewestInBin = 20;

std::vector<CycleRow> landed_in_time(std::span<const CycleRow> rows) {
  std::vector<CycleRow> cuts;
  cuts.reserve(rows.size());
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(cuts),
               [](const CycleRow& row) { return row.cut_at_us >= 0; });
  std::stable_sort(cuts.begin(), cuts.end(),
                   [](const CycleRow& a, const CycleRow& b) { return a.cut_at_us < b.cut_at_us; });
  return cuts;
}

std::vector<Mark> thinned(const std::vector<CycleRow>& cuts) {
  std::uint64_t last_op = 1;
  for (const CycleRow& cut : cuts) last_op = std::max(last_op, cut.op);
  const auto last_us = static_cast<std::uint64_t>(cuts.back().cut_at_us) + 1;
  using Cell = std::tuple<std::uint64_t, std::uint32_t, record::Verdict>;
  std::map<Cell, std::size_t> cells;
  std::vector<Mark> marks;
  for (const CycleRow& cut : cuts) {
    const std::uint64_t column =
        cut.op != 0 ? cut.op * kColumns / last_op
                    : static_cast<std::uint64_t>(cut.cut_at_us) * kColumns / last_us;
    const Cell cell{column, cut.address / kRowBytes, cut.verdict};
    const auto [found, fresh] = cells.emplace(cell, marks.size());
    if (fresh) marks.push_back({cut, 0});
    ++marks[found->second].cuts;
  }
  return marks;
}

// A band and a bin grow by the same rule.
template <typename Stretch>
void extend(Stretch& stretch, const CycleRow& cut) {
  stretch.to_us = cut.cut_at_us;
  if (cut.op == 0) return;
  stretch.from_op = stretch.from_op == 0 ? cut.op : std::min(stretch.from_op, cut.op);
  stretch.to_op = std::max(stretch.to_op, cut.op);
}

// A new band at every change of phase. `phase_of` gives the phase that counts for a cut.
template <typename PhaseOf>
std::vector<Band> bands_by(const std::vector<CycleRow>& cuts, const PhaseOf& phase_of) {
  std::vector<Band> bands;
  for (const CycleRow& cut : cuts) {
    const std::uint16_t phase = phase_of(cut);
    if (bands.empty() || bands.back().phase != phase) {
      bands.push_back({.phase = phase, .from_us = cut.cut_at_us});
    }
    extend(bands.back(), cut);
  }
  return bands;
}

std::vector<Band> bands_of_majority(const std::vector<CycleRow>& cuts) {
  const std::int64_t first = cuts.front().cut_at_us;
  const std::int64_t whole = cuts.back().cut_at_us - first + 1;
  const auto column_of = [&](const CycleRow& cut) {
    return static_cast<std::size_t>((cut.cut_at_us - first) *
                                    static_cast<std::int64_t>(kBandColumns) / whole);
  };
  std::vector<std::map<std::uint16_t, std::size_t>> counts(kBandColumns);
  for (const CycleRow& cut : cuts) ++counts[column_of(cut)][cut.phase];
  std::vector<std::uint16_t> winner(kBandColumns);
  for (std::size_t i = 0; i < kBandColumns; ++i) {
    const auto most = std::max_element(counts[i].begin(), counts[i].end(),
                                       [](auto& a, auto& b) { return a.second < b.second; });
    if (most != counts[i].end()) winner[i] = most->first;
  }
  return bands_by(cuts, [&](const CycleRow& cut) { return winner[column_of(cut)]; });
}

bool is_trial(const CycleRow& cut) {
  return record::class_of(cut.verdict) != record::VerdictClass::no_trial;
}

using Groups = std::vector<std::vector<CycleRow>>;

// A phase that comes twice is two groups. `cuts` are in order of time.
Groups by_stretch(const std::vector<CycleRow>& cuts) {
  Groups stretches;
  for (const CycleRow& cut : cuts) {
    if (stretches.empty() || stretches.back().back().phase != cut.phase) stretches.emplace_back();
    stretches.back().push_back(cut);
  }
  return stretches;
}

// For phases that overlap, on several boards or links.
Groups by_phase(const std::vector<CycleRow>& cuts) {
  std::map<std::uint16_t, std::vector<CycleRow>> phases;
  for (const CycleRow& cut : cuts) phases[cut.phase].push_back(cut);
  Groups ordered;
  for (auto& [phase, its] : phases) ordered.push_back(std::move(its));
  std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return a[a.size() / 2].cut_at_us < b[b.size() / 2].cut_at_us;
  });
  return ordered;
}

void add_bins(std::vector<SurvivalBin>& bins, const std::vector<CycleRow>& cuts,
              std::size_t wanted_in_bin) {
  const std::size_t count = std::max<std::size_t>(1, cuts.size() / wanted_in_bin);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = cuts.size() * i / count;
    const std::size_t end = cuts.size() * (i + 1) / count;
    SurvivalBin bin{.phase = cuts[begin].phase, .from_us = cuts[begin].cut_at_us};
    for (std::size_t k = begin; k < end; ++k) {
      extend(bin, cuts[k]);
      ++bin.trials;
      bin.failed += record::class_of(cuts[k].verdict) == record::VerdictClass::pass ? 0U : 1U;
    }
    bins.push_back(bin);
  }
}

}  // namespace

std::vector<Mark> marks_of(std::span<const CycleRow> rows) {
  const auto cuts = landed_in_time(rows);
  if (cuts.size() > kLargestMarks) return thinned(cuts);
  std::vector<Mark> marks;
  marks.reserve(cuts.size());
  for (const CycleRow& cut : cuts) marks.push_back({cut, 1});
  return marks;
}

std::vector<Band> bands_of(std::span<const CycleRow> rows) {
  const auto cuts = landed_in_time(rows);
  auto bands = bands_by(cuts, [](const CycleRow& cut) { return cut.phase; });
  if (bands.size() <= kLargestBands) return bands;
  bands = bands_of_majority(cuts);
  if (bands.size() > kLargestBands) bands.clear();  // no phase has a place of its own
  return bands;
}

std::vector<SurvivalBin> survival_of(std::span<const CycleRow> rows) {
  auto trials = landed_in_time(rows);
  std::erase_if(trials, [](const CycleRow& cut) { return !is_trial(cut); });
  Groups groups = by_stretch(trials);
  if (groups.size() > kMostStretches) groups = by_phase(trials);
  const std::size_t in_bin = std::max(kFewestInBin, trials.size() / kBins);
  std::vector<SurvivalBin> bins;
  for (const auto& group : groups) add_bins(bins, group, in_bin);
  return bins;
}

std::vector<Hit> hits_of(std::span<const CycleRow> rows) {
  std::vector<std::int64_t> times;
  for (const CycleRow& row : rows) {
    if (row.cut_at_us >= 0 && is_trial(row)) times.push_back(row.cut_at_us);
  }
  std::sort(times.begin(), times.end());
  std::vector<Hit> hits;
  if (times.size() < 2) return hits;
  using std::chrono::microseconds;
  for (const auto window :
       {microseconds(100), microseconds(1'000), microseconds(10'000), microseconds(100'000)}) {
    hits.push_back({window, statistics::chance_of_hit(times, window)});
  }
  return hits;
}

}  // namespace rig::report
