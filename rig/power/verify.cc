#include "power/verify.h"

#include <fmt/format.h>

#include "power/switch_error.h"

namespace rig::power {

std::optional<Mismatch> compare(Levels before, Levels after, Change change) {
  Levels wanted = before;
  wanted.put(change.channel, change.level);
  if (after == wanted) return {};
  Levels others = after;
  others.put(change.channel, wanted.at(change.channel));
  return others == wanted ? Mismatch::stuck : Mismatch::swapped;
}

Verified set_and_verify(PowerSwitch& power, Change change, Moment deadline,
                        std::optional<Levels> before) {
  const Switched switched = power.set(change.channel, change.level, deadline);
  const auto after = power.read_back(deadline);
  if (!after) return {.switched = switched, .after = {}};
  const auto mismatch = compare(before.value_or(*after), *after, change);
  if (!mismatch) return {.switched = switched, .after = after};
  const std::string attempt =
      fmt::format("switch channel {} {} of {}", change.channel.number,
                  change.level == Level::on ? "on" : "off", power.traits().name);
  throw SwitchError(*mismatch == Mismatch::stuck ? Fault::stuck : Fault::swapped, attempt,
                    fmt::format("channels on: {:#x} before, {:#x} after",
                                before.value_or(*after).bits(), after->bits()));
}

}  // namespace rig::power
