#include "gate/telling.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace rig::gate {
namespace {

std::string_view word_of(Answer answer) {
  return answer == Answer::not_enough ? "not-enough" : name_of(answer);
}

std::string_view mark_of(Answer answer) {
  if (answer == Answer::reject) return "FAIL";
  return answer == Answer::accept ? "ok" : "lacks";
}

std::string needed_text(const Decision& decision) {
  if (decision.answer != Answer::not_enough || decision.still_needed == 0) return "";
  std::string text =
      fmt::format(": {} more cuts have to land without a failure", decision.still_needed);
  if (decision.cycles_needed > decision.still_needed) {
    text +=
        fmt::format(", about {} cycles at the share that landed so far", decision.cycles_needed);
  }
  return text;
}

std::string clause_line(const Clause& clause) {
  std::string line = fmt::format("  {:<6}{}: {}", mark_of(clause.answer), clause.name, clause.text);
  if (clause.still_needed > 0) line += fmt::format("; {} more", clause.still_needed);
  return line + "\n";
}

std::string width_text(std::int64_t window_us) {
  return fmt::format("{:g} ms", static_cast<double>(window_us) / 1'000);
}

// "detection power, emulated: a window of 0.1 ms would have been hit with probability 0.031, ..."
std::string detection_text(const Decision& decision) {
  std::string text;
  std::string part;
  for (const Detection& each : decision.detection) {
    text += each.part == part ? ", "
                              : fmt::format("{}detection power, {}: a window of ",
                                            text.empty() ? "" : "\n", each.part);
    text += each.part == part
                ? fmt::format("of {} with {:.3g}", width_text(each.window_us), each.probability)
                : fmt::format("{} would have been hit with probability {:.3g}",
                              width_text(each.window_us), each.probability);
    part = each.part;
  }
  return text.empty() ? "" : text + "\n";
}

}  // namespace

std::string to_text(const Decision& decision) {
  std::string text = fmt::format("{}: {}{}\n{}\n{}\n", decision.policy, name_of(decision.answer),
                                 needed_text(decision), decision.emulated, decision.boards);
  for (const Clause& clause : decision.clauses) text += clause_line(clause);
  text += detection_text(decision);
  for (const std::string& remark : decision.remarks) text += fmt::format("note: {}\n", remark);
  return text;
}

std::string to_json(const Decision& decision) {
  nlohmann::json clauses = nlohmann::json::array();
  for (const Clause& each : decision.clauses) {
    clauses.push_back({{"name", each.name},
                       {"answer", word_of(each.answer)},
                       {"text", each.text},
                       {"still_needed", each.still_needed}});
  }
  nlohmann::json detection = nlohmann::json::array();
  for (const Detection& each : decision.detection) {
    detection.push_back(
        {{"part", each.part}, {"window_us", each.window_us}, {"probability", each.probability}});
  }
  const nlohmann::json object = {{"gate", decision.policy},
                                 {"answer", word_of(decision.answer)},
                                 {"exit_code", exit_code_of(decision.answer)},
                                 {"still_needed", decision.still_needed},
                                 {"cycles_needed", decision.cycles_needed},
                                 {"emulated", decision.emulated},
                                 {"boards", decision.boards},
                                 {"clauses", clauses},
                                 {"detection", detection},
                                 {"remarks", decision.remarks}};
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

int exit_code_of(Answer answer) {
  switch (answer) {
    case Answer::accept:
      return 0;
    case Answer::reject:
      return 1;
    case Answer::not_enough:
      return 3;
  }
  return 3;
}

}  // namespace rig::gate
