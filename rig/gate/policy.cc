#include "gate/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "scenario/yaml_reader.h"
#include "statistics/binomial.h"

namespace rig::gate {
namespace {

using scenario::Section;
using scenario::Value;

constexpr std::uint64_t kMost = 1'000'000'000;

// A rate that can be shown: 0 % would need endless cuts, 100 % none.
double rate_in(const Value& value) {
  const double rate = value.fraction();
  if (rate <= 0) value.fail("no number of cuts proves 0%; write the rate that is low enough");
  if (rate >= 1) value.fail("everything satisfies 100%; write a rate below it");
  return rate;
}

double confidence_in(const Value& value) {
  const double confidence = value.fraction();
  if (confidence <= 0.5 || confidence >= 1) {
    value.fail("a confidence lies between 50% and 100%, exclusive, as in 95%");
  }
  return confidence;
}

std::vector<std::string> names_in(const Value& value, const std::string& what) {
  std::vector<std::string> names;
  for (const Value& item : value.list()) {
    const std::string name = item.text();
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      item.fail(fmt::format("{} '{}' stands here a second time; keep one", what, name));
    }
    names.push_back(name);
  }
  if (names.empty()) value.fail(fmt::format("the list is empty; name a {} or leave it out", what));
  return names;
}

std::map<std::string, std::string> versions_in(const Value& value) {
  Section section(value);
  std::map<std::string, std::string> versions;
  for (const char* module : {"user_app", "system", "bootloader"}) {
    if (const auto version = section.find(module)) versions[module] = version->text();
  }
  section.done();
  return versions;
}

FirmwareRule firmware_in(const Value& value) {
  if (value.is_text()) return {.name = value.text()};
  Section section(value);
  FirmwareRule rule;
  if (const auto name = section.find("name")) rule.name = name->text();
  if (const auto hash = section.find("hash")) rule.hash = hash->text();
  if (const auto from = section.find("from")) rule.from = versions_in(*from);
  if (const auto to = section.find("to")) rule.to = versions_in(*to);
  section.done();
  return rule;
}

PhaseRule phase_in(const std::string& phase, const Value& value) {
  Section section(value);
  PhaseRule rule{.phase = phase};
  if (const auto cuts = section.find("cuts")) rule.cuts = cuts->integer(1, kMost);
  if (const auto rate = section.find("max_failure_rate")) rule.max_rate = rate_in(*rate);
  section.done();
  if (rule.cuts == 0 && !rule.max_rate) {
    section.fail(fmt::format("phase '{}' demands nothing; write cuts or max_failure_rate", phase));
  }
  return rule;
}

std::vector<PhaseRule> phases_in(const Value& value) {
  const Section no_phase_twice(value);
  std::vector<PhaseRule> rules;
  for (const auto& [phase, rule] : value.entries()) rules.push_back(phase_in(phase, rule));
  return rules;
}

EmulatedRule emulated_in(const Value& value) {
  Section section(value);
  EmulatedRule rule;
  if (const auto failures = section.find("failures")) rule.failures = failures->integer(0, kMost);
  if (const auto coverage = section.find("coverage")) rule.coverage = coverage->fraction();
  section.done();
  return rule;
}

BoardsRule boards_in(const Value& value) {
  Section section(value);
  BoardsRule rule;
  const auto least = section.find("least");
  if (least) rule.least = least->integer(1, kMost);
  if (const auto cuts = section.find("cuts_each")) rule.cuts_each = cuts->integer(1, kMost);
  if (const auto kinds = section.find("kinds")) {
    for (const Value& kind : kinds->list()) (void)kind.one_of({"serial", "qemu", "sim"});
    rule.kinds = names_in(*kinds, "kind");
  }
  if (const auto names = section.find("names")) rule.names = names_in(*names, "board");
  section.done();
  if (least && !rule.names.empty() && rule.least < rule.names.size()) {
    least->fail(
        fmt::format("{} boards are named and all of them must be there; 'least' cannot be {}",
                    rule.names.size(), rule.least));
  }
  rule.least = std::max<std::uint64_t>(rule.least, rule.names.size());
  return rule;
}

double error_in(Section& section, const std::string& key) {
  const auto value = section.find(key);
  const double error = value ? value->fraction() : 0.05;
  if (error <= 0 || error >= 0.5) value->fail("an error lies between 0% and 50%, exclusive");
  return error;
}

// A night that ends early must not end before the gate can say yes.
void refuse_hasty(const Policy& policy, Section& section) {
  const statistics::SequentialPlan& plan = *policy.sequential;
  if (!policy.max_rate) return;
  if (plan.bad > *policy.max_rate) {
    section.need("bad", "").fail(
        fmt::format("'bad' {:.4g}% is above max_failure_rate {:.4g}%: the night would end before "
                    "the gate accepts; lower it",
                    plan.bad * 100, *policy.max_rate * 100));
  }
  const auto needed =
      statistics::trials_needed(0, {.max_rate = *policy.max_rate, .confidence = policy.confidence});
  if (needed && plan.most < *needed) {
    section.need("most", "")
        .fail(fmt::format(
            "at most {} trials, but max_failure_rate {:.4g}% needs {} without a failure; "
            "raise it",
            plan.most, *policy.max_rate * 100, *needed));
  }
}

void read_sequential(Policy& policy, const Value& value) {
  Section section(value);
  const Value good = section.need("good", "write the rate of a product that may go out");
  const Value bad = section.need("bad", "write the rate of a product that must not");
  statistics::SequentialPlan& plan = policy.sequential.emplace();
  plan.good = rate_in(good);
  plan.bad = rate_in(bad);
  plan.alpha = error_in(section, "alpha");
  plan.beta = error_in(section, "beta");
  plan.most =
      section.need("most", "write after how many trials it ends in any case").integer(1, kMost);
  if (plan.good >= plan.bad) good.fail("'good' must be below 'bad'");
  refuse_hasty(policy, section);
  section.done();
}

bool demands_something(const Policy& policy) {
  return policy.max_rate || !policy.phases.empty() || policy.emulated || policy.boards;
}

Policy policy_in(const Value& root) {
  Section section(root);
  Policy policy;
  policy.name = section.need("policy", "name this policy").text();
  policy.scenarios =
      names_in(section.need("scenarios", "list the scenarios it is about"), "scenario");
  if (const auto firmware = section.find("firmware")) policy.firmware = firmware_in(*firmware);
  if (const auto value = section.find("confidence")) policy.confidence = confidence_in(*value);
  if (const auto rate = section.find("max_failure_rate")) policy.max_rate = rate_in(*rate);
  if (const auto landed = section.find("landed")) policy.landed = landed->fraction();
  if (const auto controls = section.find("controls")) policy.controls = controls->integer(0, kMost);
  if (const auto phases = section.find("phases")) policy.phases = phases_in(*phases);
  if (const auto emulated = section.find("emulated")) policy.emulated = emulated_in(*emulated);
  if (const auto boards = section.find("boards")) policy.boards = boards_in(*boards);
  if (const auto value = section.find("sequential")) read_sequential(policy, *value);
  section.done();
  if (!demands_something(policy)) {
    section.fail(
        "this policy accepts anything; write max_failure_rate, phases, emulated or boards");
  }
  return policy;
}

}  // namespace

Policy read_policy(const std::filesystem::path& file) {
  return policy_in(scenario::read_yaml(file));
}

Policy parse_policy(const std::string& text, const std::filesystem::path& file) {
  return policy_in(scenario::parse_yaml(text, file));
}

}  // namespace rig::gate
