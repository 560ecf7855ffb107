#include "import/read_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/rig_error.h"

namespace rig::import {
namespace {

constexpr Micros kHalfADay = std::chrono::hours(12);

struct Place {
  const std::string& file;
  std::size_t line{};
};

[[noreturn]] void fail(const Place& at, std::size_t column, const std::string& what) {
  throw base::UsageError(fmt::format("{}:{}:{}: {}", at.file, at.line, column, what));
}

// Text may have tabs, escape sequences of a terminal, and anything above ASCII.
void check_text(std::string_view line, const Place& at) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    if (byte >= ' ' || byte == '\t' || byte == '\x1b' || byte == '\r') continue;
    fail(at, i + 1,
         fmt::format("byte 0x{:02x} is no text; the log cannot be read from this line on; wanted "
                     "one line of text per event",
                     byte));
  }
}

// What surrounds a line in a paste: blanks, and the end of line of other systems.
std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  line.remove_prefix(begin);
  line.remove_suffix(line.size() - 1 - std::min(line.find_last_not_of(" \t\r"), line.size() - 1));
  return line == "\r" ? std::string_view{} : line;
}

class Reader {
 public:
  explicit Reader(const std::string& file) { log_.file = file; }

  void take(std::string_view raw, std::size_t number) {
    const Place at{log_.file, number};
    check_text(raw, at);
    const std::string_view line = trimmed(raw);
    if (line.empty()) return;
    LogLine read;
    read.number = number;
    if (!understand(line, read, at)) {
      ++log_.skipped;
      return;
    }
    check_clock(read, at);
    unwrap(read);
    log_.lines.push_back(std::move(read));
  }

  Log finish(std::size_t lines) {
    if (log_.lines.empty()) {
      fail({log_.file, 1}, 1,
           fmt::format("none of {} lines can be read from here on; wanted lines such as "
                       "'2014-02-20 21:16:19 UTC-7: [Status] Device booting', Particle events "
                       "with published_at, or console lines behind a time-stamp",
                       lines));
    }
    log_.clock = log_.lines.front().stamp.clock;
    drop_repetitions();
    sort();
    return std::move(log_);
  }

 private:
  bool understand(std::string_view line, LogLine& read, const Place& at) {
    std::string problem;
    if (read_particle(line, read, problem)) {
      if (!problem.empty()) fail(at, 1, problem);
      return true;
    }
    const StampReading stamp = take_stamp(line);
    if (!stamp.problem.empty()) {
      fail(at, 1, stamp.problem + "; the log cannot be read from this line on");
    }
    read.text = stamp.rest;
    if (!stamp.stamp) return borrow_stamp(read);
    read.stamp = *stamp.stamp;
    if (!read_imp(read)) read_serial(read);
    return true;
  }

  // "[Device] device firmware version: ..." is pasted without its stamp in the field: it happened
  // no earlier than the line before it.
  bool borrow_stamp(LogLine& read) {
    if (!read_imp(read) || log_.lines.empty()) return false;
    read.stamp = log_.lines.back().stamp;
    log_.notes.push_back(fmt::format("line {} has no time-stamp: taken to follow line {}",
                                     read.number, log_.lines.back().number));
    return true;
  }

  void check_clock(const LogLine& read, const Place& at) const {
    if (log_.lines.empty() || log_.lines.front().stamp.clock == read.stamp.clock) return;
    fail(at, 1,
         fmt::format("this stamp is of another kind than that of line {} ({}); one file needs one "
                     "clock: split it",
                     log_.lines.front().number, to_text(log_.lines.front().stamp)));
  }

  // Puts clocks that begin anew behind what they have shown.
  void unwrap(LogLine& read) {
    if (read.stamp.clock == Clock::calendar) return;
    const Micros raw = read.stamp.at;
    if (!log_.lines.empty() && raw < last_raw_) {
      if (read.stamp.clock == Clock::uptime) {
        base_ = log_.lines.back().stamp.at;
        restarted(read);
      } else if (last_raw_ - raw > kHalfADay) {
        base_ += std::chrono::days(1);
      }
    }
    last_raw_ = raw;
    read.stamp.at = base_ + raw;
  }

  void restarted(LogLine& read) {
    log_.notes.push_back(
        fmt::format("line {}: the uptime starts again, so the device did", read.number));
    if (read.what == What::text) read.what = What::reset;
  }

  // Only where time goes back: a device may well say the same twice in one second.
  void drop_repetitions() {
    std::map<std::pair<Micros, std::string>, std::size_t> seen;
    std::vector<LogLine> kept;
    for (LogLine& line : log_.lines) {
      const auto [same, first] = seen.try_emplace({line.stamp.at, line.text}, line.number);
      if (!first && kept.back().stamp.at > line.stamp.at) {
        log_.notes.push_back(
            fmt::format("line {} repeats line {}: left out", line.number, same->second));
      } else {
        kept.push_back(std::move(line));
      }
    }
    log_.lines = std::move(kept);
  }

  void sort() {
    const auto earlier = [](const LogLine& a, const LogLine& b) { return a.stamp.at < b.stamp.at; };
    for (std::size_t i = 1; i < log_.lines.size(); ++i) {
      if (!earlier(log_.lines[i], log_.lines[i - 1])) continue;
      log_.notes.push_back(fmt::format("line {} is earlier than line {}: put in order of time",
                                       log_.lines[i].number, log_.lines[i - 1].number));
    }
    std::ranges::stable_sort(log_.lines, earlier);
  }

  Log log_;
  Micros base_{};
  Micros last_raw_{};
};

}  // namespace

Log read_log(std::string_view text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Reader reader(file);
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.take(text.substr(0, end), ++number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish(number);
}

}  // namespace rig::import
