#include "cli/soak_options.h"

#include <fmt/format.h>

#include <cstdlib>
#include <set>
#include <sstream>

#include "base/rig_error.h"
#include "scenario/units.h"

namespace rig::cli {
namespace {

constexpr std::uint32_t kLeastControlEvery = 3;
constexpr std::uint32_t kMostWeight = 1000;
const std::string kStrata = "strata ";

// One per line: scenario files may have any other character in their names.
std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, "\n"));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::uint32_t number_in(const std::string& text) {
  return static_cast<std::uint32_t>(std::strtoul(text.c_str(), nullptr, 10));
}

void check_weights(const SoakOptions& options) {
  if (options.weights.empty()) return;
  if (options.weights.size() != options.scenarios.size()) {
    throw base::UsageError(
        fmt::format("--weights: {} numbers for {} scenarios; give one for each, in their order",
                    options.weights.size(), options.scenarios.size()));
  }
  for (const std::uint32_t weight : options.weights) {
    if (weight >= 1 && weight <= kMostWeight) continue;
    throw base::UsageError(
        fmt::format("--weights: {} is not between 1 and {}; leave a scenario out that is not to "
                    "be run",
                    weight, kMostWeight));
  }
}

void check_scenarios(const SoakOptions& options) {
  if (options.scenarios.empty()) {
    throw base::UsageError("soak: name one scenario or more, or --resume a night");
  }
  std::set<std::string> seen;
  for (const std::string& each : options.scenarios) {
    if (seen.insert(each).second) continue;
    throw base::UsageError(fmt::format(
        "soak: scenario '{}' is named twice; use --weights to run it more often", each));
  }
}

}  // namespace

std::map<std::string, std::string> row_of(const SoakOptions& options, const std::string& bench) {
  std::map<std::string, std::string> row{
      {"scenarios", joined(options.scenarios)},
      {"boards", joined(options.boards)},
      {"weights", fmt::format("{}", fmt::join(options.weights, "\n"))},
      {"links", joined(options.links)},
      {"control_every", std::to_string(options.control_every)},
      {"keep_timelines", std::to_string(options.keep_timelines)},
      {"bench", bench}};
  if (!options.policy.empty()) row["policy"] = options.policy;
  if (!options.policy.empty()) row["policy_text"] = options.policy_text;
  if (options.sim) row["sim"] = std::to_string(*options.sim);
  for (const auto& [scenario, text] : options.strata) row[kStrata + scenario] = text;
  return row;
}

SoakOptions options_of(const std::map<std::string, std::string>& row) {
  const auto text = [&row](const char* key) {
    const auto found = row.find(key);
    return found == row.end() ? std::string() : found->second;
  };
  SoakOptions options;
  options.scenarios = lines_of(text("scenarios"));
  options.boards = lines_of(text("boards"));
  options.links = lines_of(text("links"));
  for (const std::string& each : lines_of(text("weights"))) {
    options.weights.push_back(number_in(each));
  }
  // A night of an older version has none.
  if (row.contains("keep_timelines")) {
    options.keep_timelines = std::strtoull(row.at("keep_timelines").c_str(), nullptr, 10);
  }
  options.policy = text("policy");
  options.policy_text = text("policy_text");
  options.control_every = number_in(text("control_every"));
  if (row.contains("sim")) options.sim = number_in(text("sim"));
  for (const auto& [key, value] : row) {
    if (key.starts_with(kStrata)) options.strata[key.substr(kStrata.size())] = value;
  }
  return options;
}

void check(const SoakOptions& options) {
  check_scenarios(options);
  check_weights(options);
  if (options.length.empty() == !options.cycles.has_value()) {
    throw base::UsageError("soak: say how long: either --for 8h or --cycles 1000");
  }
  if (options.cycles && *options.cycles == 0) {
    throw base::UsageError("--cycles: 0 cycles prove nothing; give 1 or more");
  }
  if (options.control_every < kLeastControlEvery) {
    throw base::UsageError(
        fmt::format("--control-every: {} leaves no room for cuts; give {} or more",
                    options.control_every, kLeastControlEvery));
  }
  static_cast<void>(length_of(options));
}

std::optional<base::Duration> length_of(const SoakOptions& options) {
  if (options.length.empty()) return std::nullopt;
  const auto length = scenario::duration_from(options.length);
  if (length && *length > base::Duration::zero()) return length;
  throw base::UsageError(fmt::format("--for: '{}' is no length of time; write a number and {}",
                                     options.length, scenario::kDurationUnits));
}

}  // namespace rig::cli
