// Answers in plain words: what a release manager reads first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "record/verdict.h"
#include "store/model.h"

namespace rig::report {

// "0.7.0, third-party SIM, board+modem": the labels of a campaign; its title or its scenario
// without labels.
[[nodiscard]] std::string row_name(const store::Campaign& campaign);

// "0.7.0, third-party SIM, board+modem: 37 of 120 cuts leave the device unreachable for good; first
// at op 18,234 in phase safe-mode." Void cycles, an interruption and a failing control run are told
// as well; they never count as survived.
[[nodiscard]] std::string sentence_for(const store::CampaignSummary& summary);
// The same about a row with another name, such as one told apart from its like.
[[nodiscard]] std::string sentence_for(const store::CampaignSummary& summary,
                                       const std::string& name);

// The worst that a campaign showed: no trial when it proved nothing.
[[nodiscard]] record::VerdictClass worst_class(const store::CampaignSummary& summary);

// "runs, but never gets online": what a verdict means, for legends.
[[nodiscard]] std::string_view meaning_of(record::Verdict verdict);
[[nodiscard]] std::string_view name_of(record::VerdictClass verdict_class);  // "pass", "no trial"
// One character that carries the class without colour.
[[nodiscard]] std::string_view mark_of(record::VerdictClass verdict_class);

[[nodiscard]] std::string with_separators(std::uint64_t number);  // 18,234
[[nodiscard]] std::string utc_text(std::int64_t unix_us);         // 2026-11-21T12:30:00Z

}  // namespace rig::report
