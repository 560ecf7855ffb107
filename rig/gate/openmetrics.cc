#include "gate/openmetrics.h"

#include <fmt/format.h>

#include <functional>

#include "statistics/binomial.h"

namespace rig::gate {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

struct Metric {
  const char* name;
  const char* help;
  std::function<double(const Night&)> value;
};

double number(std::uint64_t count) { return static_cast<double>(count); }

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> kMetrics{
      {"otarig_cuts_landed", "Cuts that landed: trials.",
       [](const Night& night) { return number(night.cuts.trials); }},
      {"otarig_cuts_failed", "Cuts that the device did not survive.",
       [](const Night& night) { return number(night.cuts.failures); }},
      {"otarig_cuts_missed", "Cuts that proved nothing: not landed, or the rig failed.",
       [](const Night& night) { return number(night.cuts.missed); }},
      {"otarig_failure_rate_bound_ratio",
       "Upper Clopper-Pearson bound of the failure rate at 95 % confidence.",
       [](const Night& night) { return statistics::upper_bound(night.cuts.sample(), 0.95); }},
      {"otarig_uncut_clean", "Runs without a cut that passed.",
       [](const Night& night) { return number(night.controls.clean); }},
      {"otarig_uncut_failed", "Runs without a cut that failed.",
       [](const Night& night) { return number(night.controls.failed); }},
      {"otarig_night_start_timestamp_seconds", "When the night began.",
       [](const Night& night) { return static_cast<double>(night.started_unix_us / 1'000'000); }}};
  return kMetrics;
}

}  // namespace

std::string openmetrics(const History& history) {
  std::string text;
  for (const Metric& metric : metrics()) {
    text += fmt::format("# TYPE {} gauge\n# HELP {} {}\n", metric.name, metric.name, metric.help);
    for (const ScenarioHistory& each : history.scenarios) {
      if (each.nights.empty()) continue;
      const Night& night = each.nights.back();
      text += fmt::format("{}{{scenario=\"{}\",board=\"{}\",night=\"{}\",firmware=\"{}\"}} {}\n",
                          metric.name, escaped(each.scenario), escaped(each.board),
                          escaped(night.name), escaped(night.build), metric.value(night));
    }
  }
  text += fmt::format("# TYPE otarig_unsteady_board gauge\n# HELP otarig_unsteady_board {}\n",
                      "Boards that give no result clearly more often than the others.");
  for (const UnsteadyBoard& board : history.boards) {
    text += fmt::format("otarig_unsteady_board{{board=\"{}\"}} 1\n", escaped(board.board));
  }
  return text + "# EOF\n";
}

}  // namespace rig::gate
