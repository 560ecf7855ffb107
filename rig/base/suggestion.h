// "Did you mean": the nearest of some names, for messages about words nobody knows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rig::base {

// " Did you mean 'offers'?" when one name is near enough to be a slip, otherwise empty.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& names);

// "a, b, c"; "none" for an empty list.
[[nodiscard]] std::string joined(const std::vector<std::string>& names);

}  // namespace rig::base
