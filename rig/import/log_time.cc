#include "import/log_time.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <charconv>

namespace rig::import {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// "5" is half a second; beyond six digits nothing is kept.
Micros fraction(std::string_view digits) {
  std::string six(digits.substr(0, 6));
  six.resize(6, '0');
  return Micros(number(six));
}

struct TimeOfDay {
  std::string_view hour, minute, second, part;
};

StampReading failed(std::string what) {
  return {.stamp = std::nullopt, .rest = {}, .problem = std::move(what)};
}

// Second 60 is a leap second.
std::string why_no_time(const TimeOfDay& time) {
  if (number(time.hour) > 23) return fmt::format("hour {} of 0..23", time.hour);
  if (number(time.minute) > 59) return fmt::format("minute {} of 0..59", time.minute);
  if (number(time.second) > 60) return fmt::format("second {} of 0..60", time.second);
  return {};
}

Micros since_midnight(const TimeOfDay& time) {
  return hours(number(time.hour)) + minutes(number(time.minute)) + seconds(number(time.second)) +
         fraction(time.part);
}

// "-7", "+05:30", "+0530"; "Z" and nothing are none.
std::optional<Micros> offset_from(std::string_view zone) {
  if (zone.starts_with("UTC")) zone.remove_prefix(3);
  if (zone.empty() || zone == "Z") return Micros(0);
  const bool west = zone.front() == '-';
  zone.remove_prefix(1);
  const std::size_t colon = zone.find(':');
  std::int64_t hour = number(zone.substr(0, colon));
  std::int64_t minute = colon == std::string_view::npos ? 0 : number(zone.substr(colon + 1));
  if (colon == std::string_view::npos && zone.size() == 4) {
    minute = number(zone.substr(2));
    hour = number(zone.substr(0, 2));
  }
  if (hour > 14 || minute > 59) return std::nullopt;
  const Micros offset = hours(hour) + minutes(minute);
  return west ? -offset : offset;
}

StampReading calendar(const re2::StringPiece* groups) {
  const auto text = [&](int i) { return std::string_view(groups[i].data(), groups[i].size()); };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number(text(1)))),
                                         std::chrono::month(static_cast<unsigned>(number(text(2)))),
                                         std::chrono::day(static_cast<unsigned>(number(text(3))))};
  if (!date.ok()) {
    return failed(fmt::format("there is no day {}-{}-{}", text(1), text(2), text(3)));
  }
  const TimeOfDay time{text(4), text(5), text(6), text(7)};
  if (std::string why = why_no_time(time); !why.empty()) return failed(std::move(why));
  const auto offset = offset_from(text(8));
  if (!offset) return failed(fmt::format("no zone is {} away from UTC", text(8)));
  const Micros at = std::chrono::sys_days(date).time_since_epoch() + since_midnight(time) - *offset;
  return {.stamp = Stamp{Clock::calendar, at}, .rest = {}, .problem = {}};
}

StampReading epoch(const re2::StringPiece* groups) {
  const std::string_view whole(groups[1].data(), groups[1].size());
  const std::string_view part(groups[2].data(), groups[2].size());
  const bool milliseconds = whole.size() == 13;
  const Micros at =
      milliseconds ? Micros(number(whole) * 1000) : Micros(seconds(number(whole))) + fraction(part);
  return {.stamp = Stamp{Clock::calendar, at}, .rest = {}, .problem = {}};
}

StampReading uptime(const re2::StringPiece* groups) {
  const std::string_view whole(groups[1].data(), groups[1].size());
  const std::string_view part(groups[2].data(), groups[2].size());
  const Micros at = seconds(number(whole)) + fraction(part);
  return {.stamp = Stamp{Clock::uptime, at}, .rest = {}, .problem = {}};
}

StampReading counter(const re2::StringPiece* groups) {
  const std::string_view digits(groups[1].data(), groups[1].size());
  return {.stamp = Stamp{Clock::uptime, Micros(number(digits) * 1000)}, .rest = {}, .problem = {}};
}

StampReading day(const re2::StringPiece* groups) {
  const auto text = [&](int i) { return std::string_view(groups[i].data(), groups[i].size()); };
  const TimeOfDay time{text(1), text(2), text(3), text(4)};
  if (std::string why = why_no_time(time); !why.empty()) return failed(std::move(why));
  return {.stamp = Stamp{Clock::day, since_midnight(time)}, .rest = {}, .problem = {}};
}

struct Form {
  const char* pattern;
  StampReading (*read)(const re2::StringPiece* groups);
};

constexpr Form kForms[] = {
    {R"(\[?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?)"
     R"( ?(Z|UTC[+-]\d{1,2}(?::\d\d)?|UTC|[+-]\d\d:?\d\d)?\]?:?(?:\s|$))",
     calendar},
    {R"(\[?0(\d{9})\]?:?\s)", counter},
    {R"(\[?(\d{10}|\d{13})(?:\.(\d{1,6}))?\]?:?\s)", epoch},
    {R"(\[\s*(\d{1,9})\.(\d{3,6})\]:?(?:\s|$))", uptime},
    {R"(\[?(\d{1,2}):(\d\d):(\d\d)[.,](\d{1,6})\]?:?(?:\s|$))", day},
};

const std::vector<std::unique_ptr<re2::RE2>>& compiled_forms() {
  static const auto kCompiled = [] {
    std::vector<std::unique_ptr<re2::RE2>> all;
    for (const Form& form : kForms) all.push_back(std::make_unique<re2::RE2>(form.pattern));
    return all;
  }();
  return kCompiled;
}

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// Seconds with as many digits behind the point as say something.
std::string decimal(Micros at) {
  std::string text = fmt::format("{}.{:06}", at.count() / 1'000'000, at.count() % 1'000'000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string clock_text(Micros at) {
  const auto whole = std::chrono::duration_cast<seconds>(at).count();
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", whole / 3600 % 24, whole / 60 % 60, whole % 60);
  const Micros part = at % seconds(1);
  return part.count() == 0 ? text : text + decimal(part).substr(1);
}

}  // namespace

StampReading take_stamp(std::string_view line) {
  constexpr int kGroups = 9;
  for (std::size_t i = 0; i < std::size(kForms); ++i) {
    re2::StringPiece groups[kGroups];
    const re2::RE2& form = *compiled_forms()[i];
    const int wanted = form.NumberOfCapturingGroups() + 1;
    if (!form.Match(piece(line), 0, line.size(), re2::RE2::ANCHOR_START, groups, wanted)) continue;
    StampReading reading = kForms[i].read(groups);
    reading.rest = without_blanks(line.substr(groups[0].size()));
    return reading;
  }
  return {.stamp = std::nullopt, .rest = line, .problem = {}};
}

std::string to_text(Micros length) { return decimal(length) + "s"; }

std::string to_text(const Stamp& stamp) {
  if (stamp.clock == Clock::uptime) return to_text(stamp.at);
  if (stamp.clock == Clock::day) return clock_text(stamp.at);
  const auto days = std::chrono::floor<std::chrono::days>(stamp.at);
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  return fmt::format("{:04}-{:02}-{:02} {} UTC", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock_text(stamp.at - days));
}

}  // namespace rig::import
