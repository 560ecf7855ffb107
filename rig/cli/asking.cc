#include "cli/asking.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <ctime>
#include <filesystem>

#include "base/rig_error.h"
#include "cli/paths.h"
#include "cli/recorder.h"
#include "scenario/units.h"

namespace rig::cli {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kDayUs = 86'400 * kSecondUs;

// "7d": the unit that scenarios have no use for.
std::optional<std::int64_t> days_in(const std::string& text) {
  std::int64_t days{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool whole = error == std::errc{} && std::string_view(end) == "d";
  if (!whole || days < 0 || days > 100'000) return std::nullopt;
  return days * kDayUs;
}

std::optional<std::int64_t> age_us(const std::string& text) {
  if (const auto days = days_in(text)) return days;
  const auto length = scenario::duration_from(text);
  if (!length) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::microseconds>(*length).count();
}

std::optional<std::int64_t> date_us(const std::string& text) {
  for (const char* form : {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%SZ"}) {
    std::tm fields{};
    const char* end = ::strptime(text.c_str(), form, &fields);
    if (end != nullptr && *end == '\0') return std::int64_t{::timegm(&fields)} * kSecondUs;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> instant_from(const std::string& option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (const auto age = age_us(text)) return unix_us_now() - *age;
  if (const auto date = date_us(text)) return date;
  throw base::UsageError(
      fmt::format("{}: '{}' is no instant; write a date, as in 2026-11-20 or 2026-11-20T18:00 "
                  "(UTC), or an age, "
                  "as in 7d, 36h or 90min",
                  option, text));
}

double share_from(const std::string& option, const std::string& text) {
  std::optional<double> share = scenario::fraction_from(text);
  double plain{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), plain);
  if (!share && error == std::errc{} && end == text.data() + text.size()) share = plain;
  if (share && *share > 0 && *share < 1) return *share;
  throw base::UsageError(fmt::format(
      "{}: '{}' is no share between 0% and 100%, exclusive; write 1% or 0.01", option, text));
}

std::string stored_scenario_name(const std::string& text) {
  std::error_code ignored;
  const std::filesystem::path file = text;
  return std::filesystem::is_regular_file(file, ignored) ? scenario_name(file) : text;
}

}  // namespace rig::cli
