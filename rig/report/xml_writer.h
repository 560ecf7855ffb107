// Elements of an XML 1.0 document as text. Well-formed whatever a console printed: characters that
// XML cannot carry become U+FFFD.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rig::report {

using XmlAttributes = std::vector<std::pair<std::string_view, std::string>>;

[[nodiscard]] std::string xml_escaped(std::string_view text);
// "<name a="b"" without its end.
[[nodiscard]] std::string xml_open(std::string_view name, const XmlAttributes& attributes);

}  // namespace rig::report
