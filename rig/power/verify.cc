#include "power/verify.h"

#include <fmt/format.h>

namespace rig::power {

std::optional<Mismatch> compare(Levels before, Levels after, std::span<const Change> changes) {
  Levels wanted = before;
  for (const Change& each : changes) wanted.put(each.channel, each.level);
  if (after == wanted) return {};
  Levels others = after;
  for (const Change& each : changes) others.put(each.channel, each.level);
  return others == wanted ? Mismatch::stuck : Mismatch::swapped;
}

SwitchError mismatch_error(Mismatch mismatch, const Change& change, Levels after,
                           const std::string& switch_name) {
  const std::string attempt = fmt::format("switch channel {} {} of {}", change.channel.number,
                                          change.level == Level::on ? "on" : "off", switch_name);
  const std::string says = fmt::format("it reads back {:#x}, bit n is channel n", after.bits());
  return {mismatch == Mismatch::stuck ? Fault::stuck : Fault::swapped, attempt, says};
}

Verified set_and_verify(PowerSwitch& power, Change change, Moment deadline,
                        std::optional<Levels> before) {
  const Switched switched = power.set(change.channel, change.level, deadline);
  const auto after = power.read_back(deadline);
  if (!after) return {.switched = switched, .after = {}};
  const auto mismatch = compare(before.value_or(*after), *after, std::span(&change, 1));
  if (mismatch) throw mismatch_error(*mismatch, change, *after, power.traits().name);
  return {.switched = switched, .after = after};
}

}  // namespace rig::power
