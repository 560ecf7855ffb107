#include "cli/checkup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

namespace rig::cli {
namespace {

using State = Check::State;

const char* name_of(State state) {
  switch (state) {
    case State::good:
      return "good";
    case State::broken:
      return "broken";
    case State::notice:
      return "notice";
    case State::skipped:
      return "skipped";
  }
  return "";
}

}  // namespace

void Checkup::good(const std::string& what, const std::string& found) {
  add({.state = State::good, .what = what, .found = found});
}

void Checkup::broken(const std::string& what, const std::string& found, const std::string& advice) {
  add({.state = State::broken, .what = what, .found = found, .advice = advice});
}

void Checkup::notice(const std::string& what, const std::string& found, const std::string& advice) {
  add({.state = State::notice, .what = what, .found = found, .advice = advice});
}

void Checkup::skipped(const std::string& what, const std::string& why, const std::string& advice) {
  add({.state = State::skipped, .what = what, .found = why, .advice = advice});
}

void Checkup::add(Check check) {
  if (!json_) {
    fmt::print("{:<8} {}: {}\n", name_of(check.state), check.what, check.found);
    if (!check.advice.empty()) fmt::print("         -> {}\n", check.advice);
    std::fflush(stdout);
  }
  checks_.push_back(std::move(check));
}

int Checkup::count(State state) const {
  return static_cast<int>(std::ranges::count(checks_, state, &Check::state));
}

void Checkup::finish() const {
  if (!json_) {
    return fmt::print("{} good, {} broken, {} to know, {} skipped\n", count(State::good),
                      count(State::broken), count(State::notice), count(State::skipped));
  }
  nlohmann::json list = nlohmann::json::array();
  for (const Check& each : checks_) {
    list.push_back({{"what", each.what},
                    {"state", name_of(each.state)},
                    {"found", each.found},
                    {"advice", each.advice}});
  }
  fmt::print("{}\n", nlohmann::json{{"checks", list}, {"broken", count(State::broken)}}.dump(2));
}

}  // namespace rig::cli
