#include "scenario/device_profile.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <array>
#include <set>

#include "base/rig_error.h"
#include "scenario/line_pattern.h"
#include "scenario/yaml_reader.h"

namespace rig::scenario {
namespace {

constexpr int kMaxGroups = 12;

// What every match of a pattern like "^modem apn=(..)" begins with: "modem apn=". Comparing it
// first keeps the regex engine away from nearly every line that a rule does not speak for.
std::string literal_start(const std::string& pattern) {
  if (pattern.empty() || pattern[0] != '^' || pattern.find('|') != pattern.npos) {
    return {};
  }
  const std::size_t end = pattern.find_first_of("\\.[](){}*+?$^", 1);
  const std::size_t length = std::min(end, pattern.size()) - 1;
  const bool last_is_optional =
      end != pattern.npos && std::string_view("*?{").find(pattern[end]) != std::string::npos;
  return pattern.substr(1, last_is_optional && length > 0 ? length - 1 : length);
}

std::string checked(const std::string& pattern) {
  const std::string problem = LinePattern::problem_with(pattern);
  if (!problem.empty()) {
    throw base::UsageError(fmt::format("'{}' is no regular expression: {}", pattern, problem));
  }
  return pattern;
}

}  // namespace

struct DeviceProfile::Compiled {
  explicit Compiled(Rule from)
      : rule(std::move(from)), start(literal_start(rule.match)), pattern(checked(rule.match)) {
    for (const auto& [index, name] : pattern.regex().CapturingGroupNames()) {
      groups.emplace_back(index, " " + name + "=");
    }
    if (pattern.regex().NumberOfCapturingGroups() >= kMaxGroups) {
      throw base::UsageError(
          fmt::format("'{}' has more than {} groups", rule.match, kMaxGroups - 1));
    }
  }
  [[nodiscard]] std::optional<Observation> observe(std::string_view line) const;

  Rule rule;
  std::string start;
  LinePattern pattern;
  std::vector<std::pair<int, std::string>> groups;  // index, " name="
};

std::optional<Observation> DeviceProfile::Compiled::observe(std::string_view line) const {
  std::array<re2::StringPiece, kMaxGroups> found;
  const RE2& regex = pattern.regex();
  const int wanted = regex.NumberOfCapturingGroups() + 1;
  if (!line.starts_with(start) ||
      !regex.Match(re2::StringPiece(line.data(), line.size()), 0, line.size(), RE2::UNANCHORED,
                   found.data(), wanted)) {
    return std::nullopt;
  }
  Observation observation{.text = rule.event, .phase = rule.phase};
  for (const auto& [index, key] : groups) {
    const re2::StringPiece& value = found[static_cast<std::size_t>(index)];
    if (value.data() != nullptr) {
      observation.text.append(key).append(value.data(), value.size());
    }
  }
  observation.text += rule.fields;
  if (!rule.phase.empty()) {
    observation.text += " phase=" + rule.phase;
  }
  return observation;
}

DeviceProfile::DeviceProfile(std::string name, std::vector<Rule> rules) : name_(std::move(name)) {
  for (Rule& rule : rules) {
    rules_.emplace_back(std::move(rule));
  }
}
DeviceProfile::~DeviceProfile() = default;
DeviceProfile::DeviceProfile(DeviceProfile&&) noexcept = default;
DeviceProfile& DeviceProfile::operator=(DeviceProfile&&) noexcept = default;

std::optional<Observation> DeviceProfile::observe(std::string_view line) const {
  for (const Compiled& rule : rules_) {
    if (auto observation = rule.observe(line)) {
      return observation;
    }
  }
  return std::nullopt;
}

namespace {

std::string word(const Value& value) {
  const std::string text = value.text();
  if (text.find_first_of(" \t=") != text.npos) {
    value.fail("'" + text + "' must be one word without blanks and '='");
  }
  return text;
}

DeviceProfile::Rule rule_from(const Value& value) {
  Section section(value);
  const Value match = section.need("match", "write match: '^online mode=(?P<mode>\\w+)'");
  DeviceProfile::Rule rule{.match = match.text(), .event = "phase", .fields = {}, .phase = {}};
  const std::string problem = LinePattern::problem_with(rule.match);
  if (!problem.empty()) {
    match.fail(fmt::format("'{}' is no regular expression (RE2): {}", rule.match, problem));
  }
  const auto event = section.find("event");
  const auto phase = section.find("phase");
  if (!event && !phase) {
    section.fail("a rule needs an 'event', a 'phase' or both");
  }
  rule.event = event ? word(*event) : rule.event;
  rule.phase = phase ? word(*phase) : "";
  if (const auto fields = section.find("fields")) {
    for (const auto& [key, text] : fields->entries()) {
      rule.fields += " " + key + "=" + word(text);
    }
  }
  section.done();
  return rule;
}

}  // namespace

DeviceProfile load_device_profile(const Library& library, std::string_view name) {
  const bool path = name.ends_with(".yaml");
  const std::string problem = path ? std::string() : why_missing(library, Shelf::device, name);
  if (!problem.empty()) {
    throw base::UsageError(problem);
  }
  Section section(
      read_yaml(path ? std::filesystem::path(name) : path_of(library, Shelf::device, name)));
  std::vector<DeviceProfile::Rule> rules;
  for (const Value& rule : section.need("console", "list the rules for console lines").list()) {
    rules.push_back(rule_from(rule));
  }
  if (const auto about = section.find("about")) {
    static_cast<void>(about->text());
  }
  section.done();
  return {std::string(name), std::move(rules)};
}

}  // namespace rig::scenario
