#include "probe/probe.h"

#include <fmt/format.h>

namespace rig::probe {
namespace {

template <class Value>
bool matches(const std::optional<Value>& found, const std::optional<Value>& expected) {
  return !expected || found == expected;
}

}  // namespace

std::string to_text(const Identity& identity) {
  std::string text = identity.target.empty() ? "any target" : identity.target;
  if (identity.idcode) text += fmt::format(", idcode {:#010x}", *identity.idcode);
  if (identity.cpuid) text += fmt::format(", cpuid {:#010x}", *identity.cpuid);
  return text;
}

bool is_as_expected(const Identity& found, const Identity& expected) {
  return (expected.target.empty() || found.target == expected.target) &&
         matches(found.idcode, expected.idcode) && matches(found.cpuid, expected.cpuid);
}

void plant(Probe& probe, const FlashImage& image, Probe::Done done) {
  probe.reset(Probe::After::halt, {});
  probe.write(image, {});
  probe.verify(image, std::move(done));
}

}  // namespace rig::probe
