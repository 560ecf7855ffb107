#include "console/event.h"

namespace rig::console {

const char* name_of(LineFault::Kind kind) {
  switch (kind) {
    case LineFault::Kind::framing:
      return "framing";
    case LineFault::Kind::parity:
      return "parity";
    case LineFault::Kind::line_break:
      return "break";
    case LineFault::Kind::overrun:
      return "overrun";
    case LineFault::Kind::buffer_overrun:
      return "buffer overrun";
  }
  return "";
}

bool loses_bytes(LineFault::Kind kind) {
  return kind == LineFault::Kind::overrun || kind == LineFault::Kind::buffer_overrun;
}

}  // namespace rig::console
