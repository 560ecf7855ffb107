#include "power/hub_request.h"

namespace rig::power {
namespace {

constexpr std::uint8_t kToPort = 0x23;    // host to device, class, other (a port)
constexpr std::uint8_t kFromPort = 0xA3;  // device to host, class, other
constexpr std::uint8_t kFromHub = 0xA0;   // device to host, class, device
constexpr std::uint8_t kGetStatus = 0;
constexpr std::uint8_t kClearFeature = 1;
constexpr std::uint8_t kSetFeature = 3;
constexpr std::uint8_t kGetDescriptor = 6;
constexpr std::uint16_t kPortPower = 8;
constexpr std::uint16_t kPortStatusBytes = 4;
constexpr std::uint16_t kDescriptorBytes = 12;  // of either kind, up to the first bitmap
constexpr std::uint16_t kPowerBitUsb2 = 0x0100;
constexpr std::uint16_t kPowerBitUsb3 = 0x0200;
constexpr std::uint8_t kUsb2Descriptor = 0x29;
constexpr std::uint8_t kUsb3Descriptor = 0x2A;

}  // namespace

UsbRequest hub_port_power(Channel port, Level level) {
  return {.type = kToPort,
          .request = level == Level::on ? kSetFeature : kClearFeature,
          .value = kPortPower,
          .index = port.number};
}

UsbRequest hub_port_status(Channel port) {
  return {
      .type = kFromPort, .request = kGetStatus, .index = port.number, .length = kPortStatusBytes};
}

UsbRequest hub_descriptor(HubSpeed speed) {
  const int kind = speed == HubSpeed::usb2 ? kUsb2Descriptor : kUsb3Descriptor;
  return {.type = kFromHub,
          .request = kGetDescriptor,
          .value = static_cast<std::uint16_t>(kind << 8),
          .length = kDescriptorBytes};
}

std::optional<Level> decode_port_power(base::ByteView status, HubSpeed speed) {
  if (status.size() != kPortStatusBytes) return {};
  const unsigned bit = speed == HubSpeed::usb2 ? kPowerBitUsb2 : kPowerBitUsb3;
  return (base::read_le16(status, 0) & bit) != 0 ? Level::on : Level::off;
}

std::optional<HubAbilities> decode_hub_descriptor(base::ByteView descriptor) {
  if (descriptor.size() < 7) return {};
  if (descriptor[1] != kUsb2Descriptor && descriptor[1] != kUsb3Descriptor) return {};
  constexpr unsigned kSwitchingMode = 3;
  constexpr unsigned kIndividually = 1;
  return HubAbilities{.ports = descriptor[2],
                      .switches_each_port = (descriptor[3] & kSwitchingMode) == kIndividually};
}

}  // namespace rig::power
