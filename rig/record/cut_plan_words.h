// The words of plan ids, shared by their writer (cut_plan.cc) and their reader (cut_plan_parse.cc).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "record/cut_plan.h"

namespace rig::record {

inline constexpr std::array<std::string_view, 3> kMomentNames{"before", "during", "after"};
inline constexpr std::array<std::string_view, 3> kAccessNames{"write", "read", "access"};
inline constexpr std::array<std::string_view, 3> kModuleNames{"bootloader", "system", "user"};
inline constexpr std::array<std::string_view, 11> kTornNames{
    "old",           "new",        "prefix",  "partial-bits", "one-bit", "all-but-one-bit",
    "partial-erase", "metastable", "bad-ecc", "neighbour",    "dropped"};

[[nodiscard]] std::string_view name_of(OpMoment moment);
[[nodiscard]] std::string_view name_of(base::Direction direction);
[[nodiscard]] std::string_view name_of(TornKind kind);

// Kinds whose amount is a seed.
[[nodiscard]] constexpr bool takes_seed(TornKind kind) {
  return kind == TornKind::partial_bits || kind == TornKind::metastable ||
         kind == TornKind::neighbour;
}

// Kinds whose amount is always written, zero too.
[[nodiscard]] constexpr bool takes_amount(TornKind kind) {
  return kind == TornKind::prefix || kind == TornKind::partial_erase || takes_seed(kind);
}

// Letters, digits and the characters of `plain` stand for themselves, others become %xx.
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace rig::record
