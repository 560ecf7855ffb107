#include "scenario/units.h"

#include <charconv>
#include <cmath>
#include <span>

namespace rig::scenario {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

struct Quantity {
  double number;
  std::string_view unit;
};

std::optional<Quantity> quantity(std::string_view text) {
  const std::size_t unit_at = std::min(text.find_first_not_of("0123456789."), text.size());
  double number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + unit_at, number);
  if (unit_at == 0 || error != std::errc{} || end != text.data() + unit_at) {
    return std::nullopt;
  }
  return Quantity{number, text.substr(unit_at)};
}

// Number times unit; a bare zero needs no unit.
std::optional<double> scaled(std::string_view text, std::span<const Unit> units) {
  const auto parsed = quantity(text);
  if (!parsed) {
    return std::nullopt;
  }
  if (parsed->unit.empty() && parsed->number == 0) {
    return 0.0;
  }
  for (const Unit& unit : units) {
    if (unit.name == parsed->unit) {
      return parsed->number * unit.factor;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<base::Duration> duration_from(std::string_view text) {
  static constexpr Unit kUnits[] = {
      {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 6e10}, {"h", 3.6e12}};
  constexpr double kLongest = 3.6e12 * 24 * 366;  // a year: well below the range of nanoseconds
  const auto nanoseconds = scaled(text, kUnits);
  if (!nanoseconds || *nanoseconds > kLongest) {
    return std::nullopt;
  }
  return base::Duration(std::llround(*nanoseconds));
}

std::optional<double> rate_from(std::string_view text) {
  static constexpr Unit kUnits[] = {{"bit/s", 1}, {"kbit/s", 1e3}, {"Mbit/s", 1e6},
                                    {"B/s", 8},   {"KB/s", 8e3},   {"kB/s", 8e3}};
  const auto rate = scaled(text, kUnits);
  const bool in_range = rate && (*rate == 0 || (*rate >= 0.001 && *rate <= 1e12));
  return in_range ? rate : std::nullopt;
}

std::optional<double> fraction_from(std::string_view text) {
  static constexpr Unit kUnits[] = {{"%", 0.01}};
  const auto fraction = scaled(text, kUnits);
  return fraction && *fraction <= 1 ? fraction : std::nullopt;
}

std::optional<std::uint64_t> bytes_from(std::string_view text) {
  static constexpr Unit kUnits[] = {{"", 1}, {"B", 1}, {"KB", 1024}, {"MB", 1024 * 1024}};
  const auto bytes = scaled(text, kUnits);
  if (!bytes || *bytes > 1e15 || *bytes != std::floor(*bytes)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*bytes);
}

}  // namespace rig::scenario
