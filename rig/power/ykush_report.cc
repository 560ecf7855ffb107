#include "power/ykush_report.h"

namespace rig::power {
namespace {

constexpr std::uint8_t kUp = 0x10;
constexpr std::uint8_t kDown = 0x00;
constexpr std::uint8_t kStatus = 0x20;
constexpr std::uint8_t kDone = 0x01;

base::Bytes report(const YkushModel& model, int command) {
  base::Bytes bytes(model.report_bytes + std::size_t{1}, 0);
  bytes[1] = static_cast<std::uint8_t>(command);
  return bytes;
}

}  // namespace

base::Bytes encode_ykush_set(const YkushModel& model, Channel port, Level level) {
  return report(model, (level == Level::on ? kUp : kDown) | port.number);
}

base::Bytes encode_ykush_query(const YkushModel& model, Channel port) {
  return report(model, kStatus | port.number);
}

bool ykush_acknowledged(base::ByteView answer) {
  return !answer.empty() && answer.front() == kDone;
}

std::optional<Level> decode_ykush_status(base::ByteView answer, Channel port) {
  if (answer.size() < 2 || !ykush_acknowledged(answer)) return {};
  if (answer[1] == (kUp | port.number)) return Level::on;
  if (answer[1] == (kDown | port.number)) return Level::off;
  return {};
}

}  // namespace rig::power
