#include "power/hid_relay_report.h"

namespace rig::power {
namespace {

constexpr std::uint8_t kOn = 0xFF;
constexpr std::uint8_t kOff = 0xFD;
constexpr std::size_t kSerialBytes = 5;
constexpr std::size_t kZeroByte = 5;
constexpr std::size_t kBitmapByte = 7;

}  // namespace

HidReport encode_hid_set(Channel channel, Level level) {
  return {level == Level::on ? kOn : kOff, channel.number};
}

std::optional<HidRelayState> decode_hid_state(base::ByteView report, std::uint8_t channels) {
  if (report.size() != kHidReportBytes || report[kZeroByte] != 0) return {};
  const unsigned bitmap = report[kBitmapByte];
  if (bitmap >> channels != 0) return {};
  const std::string_view serial = base::as_text(report.first(kSerialBytes));
  return HidRelayState{.serial = std::string(serial), .levels = Levels(std::uint64_t{bitmap} << 1)};
}

std::optional<std::uint8_t> hid_relay_channels(std::string_view product) {
  constexpr std::string_view kPrefix = "USBRelay";
  if (!product.starts_with(kPrefix) || product.size() != kPrefix.size() + 1) return {};
  const char digit = product.back();
  if (digit < '1' || digit > '8') return {};
  return static_cast<std::uint8_t>(digit - '0');
}

}  // namespace rig::power
