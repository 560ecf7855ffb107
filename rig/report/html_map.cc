#include "report/html_map.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

namespace rig::report {
namespace {

using nlohmann::json;
using store::Cycle;

constexpr std::uint64_t kColumns = 600;     // finest distance of two marks, in parts of the width
constexpr std::uint32_t kRowBytes = 4'096;  // and in height

struct Region {
  std::string_view name;
  std::uint32_t start;
  std::uint32_t size;
};

// Flash of the Electron (STM32F205): README, "flash layout".
constexpr std::array<Region, 11> kElectron{{
    {"bootloader", 0x08000000, 0x4000},
    {"configuration A", 0x08004000, 0x4000},
    {"configuration B", 0x08008000, 0x4000},
    {"EEPROM area", 0x0800C000, 0x4000},
    {"unused 64K", 0x08010000, 0x10000},
    {"system", 0x08020000, 0x20000},
    {"unused 256K", 0x08040000, 0x40000},
    {"user application", 0x08080000, 0x20000},
    {"factory copy", 0x080A0000, 0x20000},
    {"OTA scratch", 0x080C0000, 0x20000},
    {"unused 128K", 0x080E0000, 0x20000},
}};

std::int64_t milliseconds(const Cycle& cycle) {
  const auto at = cycle.outcome->cut.at.value_or(base::Duration{});
  return std::chrono::duration_cast<std::chrono::milliseconds>(at).count();
}

std::vector<const Cycle*> landed_cuts(const CampaignReport& campaign) {
  std::vector<const Cycle*> cuts;
  for (const Cycle& cycle : campaign.cycles) {
    if (cycle.outcome && cycle.outcome->cut.at) cuts.push_back(&cycle);
  }
  std::stable_sort(cuts.begin(), cuts.end(), [](const Cycle* a, const Cycle* b) {
    return a->outcome->cut.at < b->outcome->cut.at;
  });
  return cuts;
}

struct Mark {
  const Cycle* first;
  std::uint64_t cuts;
};

std::vector<Mark> every_mark(const std::vector<const Cycle*>& cuts) {
  std::vector<Mark> marks;
  marks.reserve(cuts.size());
  for (const Cycle* cut : cuts) marks.push_back({cut, 1});
  return marks;
}

// A verdict is never merged into another: one failing cut among thousands stays visible.
std::vector<Mark> thinned(const std::vector<const Cycle*>& cuts) {
  std::uint64_t last_op = 1;
  for (const Cycle* cut : cuts) last_op = std::max(last_op, cut->outcome->cut.op);
  const auto last_ms = static_cast<std::uint64_t>(milliseconds(*cuts.back())) + 1;
  using Cell = std::tuple<std::uint64_t, std::uint32_t, record::Verdict>;
  std::map<Cell, std::size_t> cells;
  std::vector<Mark> marks;
  for (const Cycle* cut : cuts) {
    const store::CutSpot& spot = cut->outcome->cut;
    const std::uint64_t column =
        spot.op != 0 ? spot.op * kColumns / last_op
                     : static_cast<std::uint64_t>(milliseconds(*cut)) * kColumns / last_ms;
    const Cell cell{column, spot.address / kRowBytes, cut->outcome->judgement.verdict};
    const auto [found, fresh] = cells.emplace(cell, marks.size());
    if (fresh) marks.push_back({cut, 0});
    ++marks[found->second].cuts;
  }
  return marks;
}

struct Band {
  std::string phase;
  std::int64_t from_ms{};
  std::int64_t to_ms{};
  std::uint64_t from_op{};  // 0: no cut of this band hit a flash operation
  std::uint64_t to_op{};
};

void extend(Band& band, const Cycle& cut) {
  const std::uint64_t op = cut.outcome->cut.op;
  band.to_ms = milliseconds(cut);
  if (op == 0) return;
  if (band.from_op == 0) band.from_op = op;
  band.to_op = std::max(band.to_op, op);
}

}  // namespace

json marks_json(const CampaignReport& campaign) {
  const PlanAffixes affixes = plan_affixes(campaign);
  const auto cuts = landed_cuts(campaign);
  json out = {{"op", json::array()}, {"t", json::array()}, {"a", json::array()},
              {"v", json::array()},  {"n", json::array()}, {"p", json::array()},
              {"c", json::array()},  {"cuts", cuts.size()}};
  for (const Mark& mark : cuts.size() > kLargestMarks ? thinned(cuts) : every_mark(cuts)) {
    const store::CycleOutcome& outcome = *mark.first->outcome;
    out["op"].push_back(outcome.cut.op);
    out["t"].push_back(milliseconds(*mark.first));
    out["a"].push_back(outcome.cut.address);
    out["v"].push_back(static_cast<int>(outcome.judgement.verdict));
    out["n"].push_back(mark.cuts);
    out["p"].push_back(affixes.middle_of(mark.first->intent.plan));
    out["c"].push_back(mark.first->id.value);
  }
  return out;
}

json bands_json(const CampaignReport& campaign) {
  std::vector<Band> bands;
  for (const Cycle* cut : landed_cuts(campaign)) {
    const std::string& phase = cut->outcome->judgement.phase;
    if (bands.empty() || bands.back().phase != phase) {
      bands.push_back({.phase = phase, .from_ms = milliseconds(*cut)});
    }
    extend(bands.back(), *cut);
  }
  json out = json::array();
  for (const Band& band : bands) {
    out.push_back({{"phase", band.phase},
                   {"t0", band.from_ms},
                   {"t1", band.to_ms},
                   {"op0", band.from_op},
                   {"op1", band.to_op}});
  }
  return out;
}

json regions_json(std::string_view firmware) {
  json out = json::array();
  if (!firmware.starts_with("electron")) return out;
  for (const Region& region : kElectron) {
    out.push_back({{"name", region.name}, {"start", region.start}, {"size", region.size}});
  }
  return out;
}

std::string_view PlanAffixes::middle_of(std::string_view plan) const {
  const std::size_t outside = prefix.size() + suffix.size();
  return plan.substr(prefix.size(), plan.size() - outside);
}

PlanAffixes plan_affixes(const CampaignReport& campaign) {
  std::string_view prefix;
  std::string_view suffix;
  std::size_t shortest = std::string::npos;
  for (const Cycle& cycle : campaign.cycles) {
    const std::string_view plan = cycle.intent.plan;
    if (shortest == std::string::npos) prefix = suffix = plan;
    shortest = std::min(shortest, plan.size());
    const auto ahead = std::mismatch(prefix.begin(), prefix.end(), plan.begin(), plan.end());
    prefix = prefix.substr(0, static_cast<std::size_t>(ahead.first - prefix.begin()));
    const auto behind = std::mismatch(suffix.rbegin(), suffix.rend(), plan.rbegin(), plan.rend());
    suffix =
        suffix.substr(suffix.size() - static_cast<std::size_t>(behind.first - suffix.rbegin()));
  }
  if (campaign.cycles.empty()) return {};
  // In the shortest plan id, both must fit side by side.
  suffix = suffix.substr(suffix.size() - std::min(suffix.size(), shortest - prefix.size()));
  return {std::string(prefix), std::string(suffix)};
}

}  // namespace rig::report
