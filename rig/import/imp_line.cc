// Lines as the imp's server logs them: "[Status] Device disconnected; 83 bytes sent, 0 received, 83
// total". Bytes are those of the connection to that server, not of the fetch beside it.
#include <re2/re2.h>

#include "import/log_line.h"

namespace rig::import {
namespace {

bool starts(const LogLine& line, std::string_view with) { return line.text.starts_with(with); }

void read_bytes(LogLine& line) {
  static const re2::RE2 kBytes(R"(; (\d{1,18}) bytes sent, (\d{1,18}) received)");
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  if (!re2::RE2::PartialMatch(line.text, kBytes, &sent, &received)) return;
  line.sent = sent;
  line.received = received;
}

}  // namespace

bool read_imp(LogLine& line) {
  if (!starts(line, "[Status]") && !starts(line, "[Device] ") && !starts(line, "[Agent] ") &&
      !starts(line, "[Server] ")) {
    return false;
  }
  line.dialect = Dialect::imp;
  if (starts(line, "[Status] Device disconnected")) {
    line.what = What::disconnected;
    read_bytes(line);
  }
  if (starts(line, "[Status] firmware update triggered")) line.what = What::triggered;
  if (starts(line, "[Status] Downloading new code")) line.what = What::downloading;
  if (starts(line, "[Status] Device booting")) line.what = What::reset;
  if (starts(line, "[Status] Device connected")) line.what = What::connected;
  if (starts(line, "[Device] device firmware version:")) line.what = What::version;
  return true;
}

}  // namespace rig::import
