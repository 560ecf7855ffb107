// Quantities as people write them in scenario and fixture files. Each is a number and a unit
// without a blank between; empty when the text is not that. Nothing is negative.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace rig::scenario {

// "20ms" "2s" "1.5min" "8h" "100us"; a bare 0.
[[nodiscard]] std::optional<base::Duration> duration_from(std::string_view text);
inline constexpr std::string_view kDurationUnits = "us, ms, s, min or h, as in 2s";

// Bits per second: "320bit/s" "50kbit/s" "2Mbit/s" "0.04KB/s" "40B/s" (B: 8 bits; k: 1000); a
// bare 0.
[[nodiscard]] std::optional<double> rate_from(std::string_view text);
inline constexpr std::string_view kRateUnits = "bit/s, kbit/s, Mbit/s, B/s or KB/s, as in 50kbit/s";

// 0..1: "2%", "0.5%".
[[nodiscard]] std::optional<double> fraction_from(std::string_view text);

// "1500" "1500B" "64KB" (K: 1024) "1MB".
[[nodiscard]] std::optional<std::uint64_t> bytes_from(std::string_view text);

}  // namespace rig::scenario
