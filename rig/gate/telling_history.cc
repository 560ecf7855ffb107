#include <fmt/chrono.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gate/history.h"
#include "statistics/binomial.h"

namespace rig::gate {
namespace {

constexpr double kConfidence = 0.95;

std::string day_text(std::int64_t unix_us) {
  return fmt::format("{:%Y-%m-%d %H:%M}",
                     fmt::gmtime(static_cast<std::time_t>(unix_us / 1'000'000)));
}

std::string night_text(const Night& night) {
  const double bound = statistics::upper_bound(night.cuts.sample(), kConfidence);
  std::string text = fmt::format("  {}  {:<5} {} of {} cuts fail", day_text(night.started_unix_us),
                                 !night.decided() ? "-" : (night.bad() ? "bad" : "good"),
                                 night.cuts.failures, night.cuts.trials);
  if (night.cuts.trials > 0) text += fmt::format(", at most {:.3g} %", bound * 100);
  if (night.cuts.missed > 0) text += fmt::format(", {} proved nothing", night.cuts.missed);
  if (night.controls.failed > 0) {
    text += fmt::format(", {} of {} runs without a cut fail", night.controls.failed,
                        night.controls.failed + night.controls.clean);
  }
  return text + fmt::format("  {} ({})\n", night.name, night.build);
}

std::string trend_text(const ScenarioHistory& history) {
  if (history.trend.p_value > 1 - kConfidence) return "";
  return fmt::format("  trend: {} failures from night to night (p {:.2g}, Cochran-Armitage)\n",
                     history.trend.z > 0 ? "more" : "fewer", history.trend.p_value);
}

std::string change_text(const ScenarioHistory& history) {
  if (!history.first_bad) return "";
  const Night& bad = history.nights[*history.first_bad];
  const std::string first = fmt::format("first bad: {} ({})", bad.name, bad.build);
  if (!history.last_good) return fmt::format("  {}; no good night before it\n", first);
  const Night& good = history.nights[*history.last_good];
  return fmt::format("  last good: {} ({}); {}\n", good.name, good.build, first);
}

std::string mixed_text(const store::MixedPlan& mixed) {
  std::string attempts;
  for (const store::Attempt& each : mixed.attempts) {
    attempts += fmt::format("{}{} in cycle {}", attempts.empty() ? "" : ", ",
                            record::name_of(each.verdict), each.cycle.value);
  }
  return fmt::format("  flaky: {}: {}\n", mixed.plan, attempts);
}

std::string scenario_text(const ScenarioHistory& history) {
  std::string text = fmt::format("{} on {}\n", history.scenario, history.board);
  for (const Night& night : history.nights) text += night_text(night);
  text += trend_text(history) + change_text(history);
  if (history.flaky_baseline) {
    text += "  flaky: runs of one build without a cut both pass and fail\n";
  }
  for (const store::MixedPlan& mixed : history.mixed) text += mixed_text(mixed);
  return text;
}

std::string board_text(const UnsteadyBoard& board) {
  return fmt::format(
      "board {} is unsteady: {} of {} cuts proved nothing, {} of {} runs without a cut "
      "fail, {} without a result (p {:.2g})\n",
      board.board, board.cuts.missed, board.cuts.missed + board.cuts.trials, board.controls.failed,
      board.controls.failed + board.controls.clean, board.controls.missed, board.p_value);
}

nlohmann::json night_json(const Night& night) {
  nlohmann::json campaigns = nlohmann::json::array();
  for (const store::CampaignId id : night.campaigns) campaigns.push_back(id.value);
  return {{"night", night.name},
          {"started_unix_us", night.started_unix_us},
          {"build", night.build},
          {"failures", night.cuts.failures},
          {"trials", night.cuts.trials},
          {"missed", night.cuts.missed},
          {"upper_bound", statistics::upper_bound(night.cuts.sample(), kConfidence)},
          {"controls_clean", night.controls.clean},
          {"controls_failed", night.controls.failed},
          {"bad", night.bad()},
          {"campaigns", campaigns}};
}

nlohmann::json night_or_null(const ScenarioHistory& history,
                             const std::optional<std::size_t>& night) {
  if (!night) return nullptr;
  return night_json(history.nights[*night]);
}

nlohmann::json mixed_json(const store::MixedPlan& mixed) {
  nlohmann::json attempts = nlohmann::json::array();
  for (const store::Attempt& each : mixed.attempts) {
    attempts.push_back({{"cycle", each.cycle.value}, {"verdict", record::name_of(each.verdict)}});
  }
  return {{"plan", mixed.plan}, {"attempts", attempts}};
}

nlohmann::json scenario_json(const ScenarioHistory& history) {
  nlohmann::json nights = nlohmann::json::array();
  for (const Night& night : history.nights) nights.push_back(night_json(night));
  nlohmann::json flaky = nlohmann::json::array();
  for (const store::MixedPlan& each : history.mixed) flaky.push_back(mixed_json(each));
  return {{"scenario", history.scenario},
          {"board", history.board},
          {"nights", nights},
          {"trend", {{"z", history.trend.z}, {"p", history.trend.p_value}}},
          {"last_good", night_or_null(history, history.last_good)},
          {"first_bad", night_or_null(history, history.first_bad)},
          {"flaky_baseline", history.flaky_baseline},
          {"flaky", flaky}};
}

}  // namespace

std::string to_text(const History& history) {
  std::string text;
  for (const ScenarioHistory& each : history.scenarios) text += scenario_text(each);
  for (const UnsteadyBoard& each : history.boards) text += board_text(each);
  return text.empty() ? "no campaigns\n" : text;
}

std::string to_json(const History& history) {
  nlohmann::json scenarios = nlohmann::json::array();
  for (const ScenarioHistory& each : history.scenarios) scenarios.push_back(scenario_json(each));
  nlohmann::json boards = nlohmann::json::array();
  for (const UnsteadyBoard& each : history.boards) {
    boards.push_back({{"board", each.board},
                      {"missed", each.cuts.missed},
                      {"trials", each.cuts.trials},
                      {"controls_failed", each.controls.failed},
                      {"controls_missed", each.controls.missed},
                      {"p", each.p_value}});
  }
  const nlohmann::json object = {{"scenarios", scenarios}, {"unsteady_boards", boards}};
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace rig::gate
