// What a link did in a cycle, told on the cycle's own timeline, so that a report made years later
// needs nothing else.
#pragma once

#include "record/event.h"
#include "shaping/link.h"

namespace rig::board {

enum class TcpSide : std::uint8_t { none_or_real, model };

// Notes on lane `link`, behind the end of the cycle: one per direction, "up engine=.. profile=.."
// with the fields of link::to_fields(); and where the TCP of the device was the rig's model, "tcp "
// and how far that is off.
[[nodiscard]] record::Timeline figures_of(const shaping::Stats& stats, base::Instant at,
                                          TcpSide tcp);

}  // namespace rig::board
