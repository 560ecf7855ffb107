#include "link/trace.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace rig::link {
namespace {

constexpr std::string_view kBytesLine = "# bytes ";
constexpr std::uint32_t kMostBytes = 1'000'000;

std::optional<std::uint32_t> whole(std::string_view text) {
  std::uint32_t number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool all = error == std::errc{} && end == text.data() + text.size();
  return all ? std::optional(number) : std::nullopt;
}

std::string_view trimmed(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r");
  return last == line.npos ? std::string_view{} : line.substr(0, last + 1);
}

// Empty: the line was taken.
std::string take_line(std::string_view line, Trace& trace) {
  if (line.starts_with(kBytesLine)) {
    const auto bytes = whole(line.substr(kBytesLine.size()));
    if (!bytes || *bytes == 0 || *bytes > kMostBytes) {
      return "an opportunity of '" + std::string(line.substr(kBytesLine.size())) +
             "' bytes; write 1 to 1000000, as in '# bytes 40'";
    }
    trace.opportunity_bytes = *bytes;
    return {};
  }
  if (line.empty() || line[0] == '#') return {};
  const auto at = whole(line);
  if (!at) return "'" + std::string(line) + "' is no time; write whole milliseconds, as in 37500";
  if (!trace.empty() && *at < trace.milliseconds.back()) {
    return "the trace goes back from " + std::to_string(trace.milliseconds.back()) + " ms to " +
           std::to_string(*at) + " ms; times must not decrease";
  }
  trace.milliseconds.push_back(*at);
  return {};
}

}  // namespace

double Trace::mean_rate_bps() const {
  return static_cast<double>(milliseconds.size()) * opportunity_bytes * 8e3 / period_ms();
}

std::variant<Trace, TraceError> read_trace(std::string_view text) {
  Trace trace;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++number;
    if (std::string what = take_line(trimmed(text.substr(0, end)), trace); !what.empty()) {
      return TraceError{number, std::move(what)};
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (trace.empty() || trace.period_ms() == 0) {
    return TraceError{std::max(number, 1U),
                      "the trace ends at 0 ms, so nothing could repeat it; its last time must be "
                      "at least 1"};
  }
  return trace;
}

std::string write_trace(const Trace& trace) {
  std::string text;
  if (trace.opportunity_bytes != Trace{}.opportunity_bytes) {
    text = std::string(kBytesLine) + std::to_string(trace.opportunity_bytes) + "\n";
  }
  for (const std::uint32_t at : trace.milliseconds) text += std::to_string(at) + "\n";
  return text;
}

std::optional<Trace> even_trace(double rate_bps) {
  constexpr std::uint32_t kMostOpportunities = 1000;
  Trace trace;
  const double each_ms = trace.opportunity_bytes * 8e3 / rate_bps;
  constexpr double kLongestMs = std::numeric_limits<std::uint32_t>::max();
  if (rate_bps <= 0 || each_ms > kLongestMs || each_ms * kMostOpportunities < 1)
    return std::nullopt;
  std::uint32_t best = 1;
  double least_error = std::numeric_limits<double>::max();
  for (std::uint32_t count = 1; count <= kMostOpportunities; ++count) {
    const double period = std::round(count * each_ms);
    if (period < 1 || period > kLongestMs) continue;
    const double error = std::abs(count * each_ms / period - 1);
    if (error >= least_error) continue;
    least_error = error;
    best = count;
  }
  for (std::uint32_t i = 1; i <= best; ++i) {
    trace.milliseconds.push_back(static_cast<std::uint32_t>(std::llround(i * each_ms)));
  }
  return trace;
}

}  // namespace rig::link
