#include "power/power_switch.h"

#include <fmt/format.h>

#include "base/rig_error.h"

namespace rig::power {

void check_channel(const SwitchTraits& traits, Channel channel) {
  const int last = traits.first_channel + traits.channels - 1;
  if (channel.number >= traits.first_channel && channel.number <= last) return;
  throw base::UsageError(fmt::format("{}: channel {} does not exist; it has {} to {}", traits.name,
                                     channel.number, traits.first_channel, last));
}

}  // namespace rig::power
