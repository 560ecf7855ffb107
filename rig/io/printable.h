// Bytes a device printed, as text that every file and terminal can hold: well-formed UTF-8 and tabs
// are kept, every other byte and every other control character becomes \xNN. A backslash stays one:
// the byte-exact log, not this text, is what can be turned back. The simulator's console does the
// same, so that a pattern which matches there matches here.
#pragma once

#include <string>
#include <string_view>

namespace rig::io {

[[nodiscard]] std::string printable(std::string_view bytes);

}  // namespace rig::io
