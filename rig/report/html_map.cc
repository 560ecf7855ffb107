#include "report/html_map.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "statistics/binomial.h"

namespace rig::report {
namespace {

using nlohmann::json;

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

// Of a Band or a SurvivalBin.
template <typename Stretch>
json stretch_json(const ReportInput& input, const Stretch& stretch) {
  return {{"phase", input.phases.name_of(stretch.phase)},
          {"t0", stretch.from_us / 1'000},
          {"t1", stretch.to_us / 1'000},
          {"op0", stretch.from_op},
          {"op1", stretch.to_op}};
}

// Shortens `prefix` and `suffix` to what they share with `plan`.
void narrow(std::string_view& prefix, std::string_view& suffix, std::string_view plan) {
  const auto ahead = std::mismatch(prefix.begin(), prefix.end(), plan.begin(), plan.end());
  prefix = prefix.substr(0, static_cast<std::size_t>(ahead.first - prefix.begin()));
  const auto behind = std::mismatch(suffix.rbegin(), suffix.rend(), plan.rbegin(), plan.rend());
  suffix = suffix.substr(suffix.size() - static_cast<std::size_t>(behind.first - suffix.rbegin()));
}

}  // namespace

json marks_json(const ReportInput& input, const Configuration& configuration) {
  const PlanAffixes affixes = plan_affixes(input, configuration);
  std::uint64_t cuts = 0;
  json out = {{"op", json::array()}, {"t", json::array()}, {"a", json::array()},
              {"v", json::array()},  {"n", json::array()}, {"p", json::array()},
              {"c", json::array()}};
  for (const MarkedCut& mark : configuration.marks) {
    out["op"].push_back(mark.cut.op);
    out["t"].push_back(mark.cut.cut_at_us / 1'000);
    out["a"].push_back(mark.cut.address);
    out["v"].push_back(static_cast<int>(mark.cut.verdict));
    out["n"].push_back(mark.cuts);
    out["p"].push_back(affixes.middle_of(mark.plan));
    out["c"].push_back(mark.cut.id.value);
    cuts += mark.cuts;
  }
  out["cuts"] = cuts;
  return out;
}

json bands_json(const ReportInput& input, const Configuration& configuration) {
  json out = json::array();
  for (const Band& band : configuration.bands) out.push_back(stretch_json(input, band));
  return out;
}

json survival_json(const ReportInput& input, const Configuration& configuration) {
  json out = json::array();
  for (const SurvivalBin& bin : configuration.survival) {
    json entry = stretch_json(input, bin);
    const auto failing = statistics::interval({bin.failed, bin.trials}, kConfidence);
    entry["n"] = bin.trials;
    entry["failed"] = bin.failed;
    entry["low"] = 1 - failing.high;
    entry["high"] = 1 - failing.low;
    out.push_back(std::move(entry));
  }
  return out;
}

json hits_json(const Configuration& configuration) {
  json out = json::array();
  for (const Hit& hit : configuration.hits) {
    out.push_back({base::to_seconds(hit.window) * 1e3, hit.chance});
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

PlanAffixes plan_affixes(const ReportInput& input, const Configuration& configuration) {
  std::vector<std::string_view> plans;
  for (const MarkedCut& mark : configuration.marks) plans.push_back(mark.plan);
  for (const std::size_t i : configuration.campaigns) {
    for (const store::Cycle& cycle : input.campaigns[i].cycles) {
      if (is_failure(cycle.outcome->judgement.verdict)) plans.push_back(cycle.intent.plan);
    }
  }
  if (plans.empty()) return {};
  std::string_view prefix = plans.front();
  std::string_view suffix = plans.front();
  std::size_t shortest = plans.front().size();
  for (const std::string_view plan : plans) {
    shortest = std::min(shortest, plan.size());
    narrow(prefix, suffix, plan);
  }
  // In the shortest plan id, both must fit side by side.
  suffix = suffix.substr(suffix.size() - std::min(suffix.size(), shortest - prefix.size()));
  return {std::string(prefix), std::string(suffix)};
}

}  // namespace rig::report
