// Timelines inside the HTML report: JSON, deflated (zlib), base64; the browser inflates them.
#pragma once

#include <string>

#include "base/bytes.h"
#include "record/event.h"

namespace rig::report {

// [[at_us, lane, kind, address, value, text], ...] with the names of lane and kind.
[[nodiscard]] std::string packed_events(const record::Timeline& events);

[[nodiscard]] std::string base64(base::ByteView bytes);

}  // namespace rig::report
