#include "import/show.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

namespace rig::import {
namespace {

using nlohmann::json;

double seconds_of(Micros length) { return std::chrono::duration<double>(length).count(); }

std::string list_of(const std::vector<Micros>& lengths) {
  constexpr std::size_t kShown = 12;
  std::string text;
  for (std::size_t i = 0; i < lengths.size() && i < kShown; ++i) {
    text += (i > 0 ? ", " : "") + to_text(lengths[i]);
  }
  if (lengths.size() > kShown) text += fmt::format(", .. ({} in all)", lengths.size());
  return text.empty() ? "none" : text;
}

std::string lines_of(const std::vector<Seen>& seen) {
  std::string text;
  for (const Seen& one : seen) text += fmt::format("{}{}", text.empty() ? "" : ", ", one.line);
  return text;
}

std::string or_dash(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : "-";
}

std::string range_of(const Session& session) {
  if (session.first_line == session.last_line) return std::to_string(session.first_line);
  return fmt::format("{}-{}", session.first_line, session.last_line);
}

std::string image_of(const Session& session) {
  if (!session.image_bytes) return "-";
  std::string text = or_dash(session.image_bytes);
  if (session.image_size) text += "/" + or_dash(session.image_size);
  if (session.image_rate_bps) text += fmt::format(" at {:.4g} bit/s", *session.image_rate_bps);
  return text;
}

std::string length_of(const Session& session) {
  if (session.begins_before) return "?";
  return (session.ending == Ending::end_of_log ? ">= " : "") + to_text(session.length);
}

std::string row_of(std::size_t number, const Session& session) {
  std::string row =
      fmt::format("  {:>3}  {:<9}{:<25}{:<11}{:>8}{:>10}  {:<22}{}", number, range_of(session),
                  to_text(session.begin), length_of(session), or_dash(session.sent),
                  or_dash(session.received), image_of(session), name_of(session.ending));
  if (!session.update) row += ", no update";
  return row + "\n";
}

std::string heading(const Log& log) {
  std::set<std::string_view> dialects;
  for (const LogLine& line : log.lines) dialects.insert(name_of(line.dialect));
  std::string names;
  for (const std::string_view name : dialects) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  }
  std::string text = fmt::format("{}: {} lines ({}), {} others left out\n", log.file,
                                 log.lines.size(), names, log.skipped);
  for (const std::string& note : log.notes) text += "note: " + note + "\n";
  return text;
}

std::string text_of(const Stretch& stretch) {
  std::string text = fmt::format("lines {}-{}: {} .. {}\n", stretch.first_line, stretch.last_line,
                                 to_text(stretch.begin), to_text(stretch.end));
  if (!stretch.sessions.empty()) {
    text += fmt::format("  {:>3}  {:<9}{:<25}{:<11}{:>8}{:>10}  {:<22}{}\n", "try", "lines",
                        "begin", "length", "sent", "received", "image", "ended by");
  }
  for (std::size_t i = 0; i < stretch.sessions.size(); ++i) {
    text += row_of(i + 1, stretch.sessions[i]);
  }
  text += fmt::format("  retries {}, resets {}", stretch.retries, stretch.resets.size());
  if (!stretch.resets.empty()) text += fmt::format(" (lines {})", lines_of(stretch.resets));
  if (!stretch.safe_modes.empty()) {
    text += fmt::format(", safe mode (lines {})", lines_of(stretch.safe_modes));
  }
  text += fmt::format("\n  gaps {}\n  cycle {}", list_of(stretch.gaps), list_of(stretch.cycles));
  if (const auto middle = median(stretch.cycles)) {
    text += fmt::format(" (median {})", to_text(*middle));
  }
  return text + "\n";
}

template <class Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json();
}

json to_json(const Session& session) {
  return {{"first_line", session.first_line},
          {"last_line", session.last_line},
          {"begin", to_text(session.begin)},
          {"length_s", session.begins_before ? json() : json(seconds_of(session.length))},
          {"ending", name_of(session.ending)},
          {"update", session.update},
          {"begins_before", session.begins_before},
          {"sent", or_null(session.sent)},
          {"received", or_null(session.received)},
          {"image_bytes", or_null(session.image_bytes)},
          {"image_size", or_null(session.image_size)},
          {"image_rate_bps", or_null(session.image_rate_bps)}};
}

json to_json(const std::vector<Micros>& lengths) {
  json list = json::array();
  for (const Micros length : lengths) list.push_back(seconds_of(length));
  return list;
}

json line_numbers(const std::vector<Seen>& seen) {
  json list = json::array();
  for (const Seen& one : seen) list.push_back(one.line);
  return list;
}

json to_json(const Stretch& stretch) {
  json sessions = json::array();
  for (const Session& session : stretch.sessions) sessions.push_back(to_json(session));
  const auto middle = median(stretch.cycles);
  return {{"first_line", stretch.first_line},
          {"last_line", stretch.last_line},
          {"begin", to_text(stretch.begin)},
          {"end", to_text(stretch.end)},
          {"retries", stretch.retries},
          {"resets", line_numbers(stretch.resets)},
          {"safe_modes", line_numbers(stretch.safe_modes)},
          {"gaps_s", to_json(stretch.gaps)},
          {"cycles_s", to_json(stretch.cycles)},
          {"cycle_median_s", middle ? json(seconds_of(*middle)) : json()},
          {"sessions", sessions}};
}

}  // namespace

std::string to_text(const Log& log, const Structure& structure) {
  std::string text = heading(log);
  for (const Stretch& stretch : structure.stretches) text += text_of(stretch);
  for (const Seen& version : structure.versions) {
    text += fmt::format("version (line {}): {}\n", version.line, version.text);
  }
  return text;
}

json to_json(const Log& log, const Structure& structure) {
  constexpr std::string_view kClocks[] = {"calendar", "day", "uptime"};
  json stretches = json::array();
  for (const Stretch& stretch : structure.stretches) stretches.push_back(to_json(stretch));
  json versions = json::array();
  for (const Seen& version : structure.versions) {
    versions.push_back({{"line", version.line}, {"text", version.text}});
  }
  return {{"file", log.file},          {"clock", kClocks[static_cast<std::size_t>(log.clock)]},
          {"lines", log.lines.size()}, {"skipped", log.skipped},
          {"notes", log.notes},        {"versions", versions},
          {"stretches", stretches}};
}

}  // namespace rig::import
