#include "import/reproduction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rig::import {
namespace {

struct ShippedLink {
  const char* name;
  double down_bps;
};
constexpr ShippedLink kLinks[] = {
    {"crawl", 320}, {"lossy-2g", 20e3}, {"gprs", 50e3}, {"edge", 240e3}, {"umts", 384e3}};

// The nearest by ratio: 100 bit/s apart is nothing at 50 kbit/s and everything at 320.
const ShippedLink& nearest_link(double bps) {
  return *std::ranges::min_element(
      kLinks, {}, [&](const ShippedLink& link) { return std::abs(std::log(link.down_bps / bps)); });
}

// The stretch with the most sessions speaks for the log.
const Stretch& main_stretch(const Structure& structure) {
  return *std::ranges::max_element(structure.stretches, {}, [](const Stretch& stretch) {
    return stretch.sessions.size() + stretch.resets.size();
  });
}

std::string link_lines(const Stretch& stretch) {
  for (const Session& session : stretch.sessions) {
    if (!session.image_rate_bps) continue;
    const ShippedLink& link = nearest_link(*session.image_rate_bps);
    return fmt::format(
        "# lines {}-{}: the image came at {:.4g} bit/s; {} is the nearest link\n"
        "link: {{profile: {}}}\n",
        session.first_line, session.last_line, *session.image_rate_bps, link.name, link.name);
  }
  for (const Session& session : stretch.sessions) {
    if (!session.received) continue;
    return fmt::format(
        "# line {}: {} bytes received in {}, and the log does not tell of the image: "
        "no rate\n# can be told from it; crawl, 320 bit/s, is the slowest link\n"
        "link: {{profile: crawl}}\n",
        session.last_line, *session.received, to_text(session.length));
  }
  return "# the log tells no bytes, so no rate; crawl, 320 bit/s, is the slowest link\n"
         "link: {profile: crawl}\n";
}

std::string whole_seconds(Micros length) {
  return fmt::format(
      "{}s", std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(length).count()));
}

std::vector<Micros> intervals_of(const std::vector<Seen>& resets) {
  std::vector<Micros> intervals;
  for (std::size_t i = 1; i < resets.size(); ++i) {
    intervals.push_back(resets[i].at.at - resets[i - 1].at.at);
  }
  return intervals;
}

std::string lines_text(const std::vector<Seen>& seen) {
  std::string text;
  for (const Seen& one : seen) text += fmt::format("{}{}", text.empty() ? "" : ", ", one.line);
  return text;
}

const Session* session_with(const Stretch& stretch, const Seen& reset) {
  for (const Session& session : stretch.sessions) {
    const Micros into = reset.at.at - session.begin.at;
    if (session.update && into.count() > 0 && into <= session.length) return &session;
  }
  return nullptr;
}

std::string power_lines(const Stretch& stretch) {
  if (const auto period = median(intervals_of(stretch.resets)); period && period->count() > 0) {
    return fmt::format(
        "# lines {}: {} boots, {} apart (median); a supervisor takes the power that often,\n"
        "# whatever it was in the field\n"
        "watchdog: {{period: {}, domains: [board, modem], off_for: 2s}}\ncut: none\n",
        lines_text(stretch.resets), stretch.resets.size(), to_text(*period),
        whole_seconds(*period));
  }
  if (stretch.resets.size() == 1) {
    const Seen& reset = stretch.resets.front();
    if (const Session* session = session_with(stretch, reset)) {
      const Micros into = reset.at.at - session->begin.at;
      return fmt::format(
          "# line {}: it booted {} into the update that began in line {}\n"
          "cut: {{at: time, after: {}, domains: [board, modem], off_for: 2s}}\n",
          reset.line, to_text(into), session->first_line, whole_seconds(into));
    }
  }
  return "# no boot in the middle of a session\ncut: none\n";
}

bool finished(const Stretch& stretch) {
  return std::ranges::any_of(stretch.sessions, [](const Session& session) {
    return session.update && session.ending == Ending::finished;
  });
}

std::string expect_lines(const Stretch& stretch, const StandIn& stand_in) {
  const Micros seen = stretch.end.at - stretch.begin.at;
  // Twice what the log covers: a device that does no better than the one in the log fails.
  const Micros limit = std::max<Micros>(2 * seen, std::chrono::minutes(30));
  const std::string why =
      finished(stretch)
          ? fmt::format("lines {}-{}: it finished within {}", stretch.first_line, stretch.last_line,
                        to_text(seen))
          : fmt::format("lines {}-{}: not finished in {} and {} retries", stretch.first_line,
                        stretch.last_line, to_text(seen), stretch.retries);
  return fmt::format(
      "expect:\n  user_app: {{any: [v1, v2]}}\n  apn: {}\n  online_within: 5min\n"
      "  # {}; twice that, at least half an hour\n  update_finishes_within: {}\n",
      stand_in.apn, why, whole_seconds(limit));
}

std::string session_comments(const Stretch& stretch) {
  constexpr std::size_t kShown = 20;
  std::string text;
  for (std::size_t i = 0; i < stretch.sessions.size() && i < kShown; ++i) {
    const Session& session = stretch.sessions[i];
    text += fmt::format("#   try {}: lines {}-{}, {} {}, ended by {}\n", i + 1, session.first_line,
                        session.last_line, to_text(session.begin), to_text(session.length),
                        name_of(session.ending));
  }
  if (stretch.sessions.size() > kShown) {
    text += fmt::format("#   and {} more\n", stretch.sessions.size() - kShown);
  }
  return text;
}

StandIn completed(const Log& log, StandIn stand_in) {
  const bool imp = std::ranges::any_of(
      log.lines, [](const LogLine& line) { return line.dialect == Dialect::imp; });
  if (stand_in.device.empty()) stand_in.device = imp ? "imp" : "electron";
  if (stand_in.firmware.empty()) stand_in.firmware = imp ? "imp" : "electron-0.7.0";
  return stand_in;
}

// A name is one line of YAML whatever the file is called.
std::string as_word(const std::string& file) {
  const std::size_t slash = file.find_last_of('/');
  std::string word = slash == std::string::npos ? file : file.substr(slash + 1);
  word = word.substr(0, word.find('.'));
  for (char& letter : word) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (!plain) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : '-';
  }
  return "from-" + (word.empty() ? "log" : word);
}

}  // namespace

std::string scenario_of(const Log& log, const Structure& structure, const StandIn& given) {
  const StandIn stand_in = completed(log, given);
  const Stretch& stretch = main_stretch(structure);
  const std::string name = as_word(log.file);
  return fmt::format(
             "# Made by otarig import-log. Lines are those of the log, from 1.\n"
             "# lines {}-{}: {} .. {}\n{}",
             stretch.first_line, stretch.last_line, to_text(stretch.begin), to_text(stretch.end),
             session_comments(stretch)) +
         fmt::format(
             "scenario: {}\ntitle: What the log {} shows\n"
             "story: >-\n  {} sessions, {} retries and {} boots of a device in the field.\n\n",
             name, name.substr(5), stretch.sessions.size(), stretch.retries,
             stretch.resets.size()) +
         fmt::format(
             "# the log does not tell these: the rig's stand-ins\n"
             "device: {}\nboard: {{kind: sim, firmware: {}}}\nsim_card: {}\n"
             "provision: {{user_app: v1, apn: {}}}\nupdate: {{user_app: v2{}}}\n\n",
             stand_in.device, stand_in.firmware, stand_in.sim_card, stand_in.apn,
             stand_in.device == "imp" ? ", mode: fetched, http: {}" : "") +
         link_lines(stretch) + power_lines(stretch) + expect_lines(stretch, stand_in);
}

}  // namespace rig::import
