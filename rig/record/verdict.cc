#include "record/verdict.h"

#include <array>

#include "base/assert.h"

namespace rig::record {
namespace {

constexpr std::array<std::string_view, 18> kNames{
    "survived-new",       "resumed",       "retried",  "rolled-back",
    "config-lost",        "apn-wrong",     "apn-lost", "wrong-image",
    "user-firmware-lost", "unreachable",   "silent",   "stuck",
    "bricked-soft",       "bricked",       "latent",   "void",
    "rig-fault",          "flaky-baseline"};

static_assert(static_cast<std::size_t>(Verdict::flaky_baseline) + 1 == kNames.size());

}  // namespace

VerdictClass class_of(Verdict verdict) {
  if (verdict <= Verdict::rolled_back) {
    return VerdictClass::pass;
  }
  if (verdict <= Verdict::user_firmware_lost) {
    return VerdictClass::degraded;
  }
  return verdict <= Verdict::latent ? VerdictClass::lost : VerdictClass::no_trial;
}

std::string_view name_of(Verdict verdict) {
  const auto index = static_cast<std::size_t>(verdict);
  RIG_ASSERT(index < kNames.size());
  return kNames[index];
}

std::optional<Verdict> verdict_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) {
      return static_cast<Verdict>(i);
    }
  }
  return std::nullopt;
}

int exit_code_of(Verdict verdict) {
  switch (class_of(verdict)) {
    case VerdictClass::pass:
      return 0;
    case VerdictClass::degraded:
    case VerdictClass::lost:
      return 1;
    case VerdictClass::no_trial:
      return 3;
  }
  return 3;
}

}  // namespace rig::record
