// What a timeline tells of the Electron's update, read by the README's words: how the cycle ended,
// and in which phase the power went.
#pragma once

#include <string>
#include <vector>

#include "night_count/raw_timeline.h"

namespace night_count {

struct Story {
  std::string phase{"none"};  // of the cut
  std::string verdict{};
};

// `planned`: a cut was, as the plan id says.
[[nodiscard]] Story story_of(const std::vector<RawEvent>& timeline, bool planned);

}  // namespace night_count
