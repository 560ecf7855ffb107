#include "power/usb_rly.h"

#include <array>

#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {

UsbRly::UsbRly(Stream port, std::uint8_t channels)
    : port_(std::move(port)),
      traits_{.name = port_.name(),
              .channels = channels,
              .reads_back = true,
              .contact_time = kRelayContactTime,
              .rated_cycles = kRelayRatedCycles} {}

Levels UsbRly::states(Moment deadline) {
  const std::string attempt = "read the states of " + traits_.name;
  const base::Bytes answer = port_.read_some(deadline);
  if (answer.empty()) throw SwitchError(Fault::no_answer, attempt);
  const auto levels = decode_usb_rly_states(answer, traits_.channels);
  if (!levels) throw SwitchError(Fault::garbled, attempt);
  return *levels;
}

Switched UsbRly::set(Channel channel, Level level, Moment deadline) {
  check_channel(traits_, channel);
  port_.discard_input();
  const Moment begin = now();
  port_.write(std::array{encode_usb_rly_set(channel, level), kUsbRlyReadStates}, deadline);
  static_cast<void>(states(deadline));
  return {.not_before = begin, .not_after = now() + kRelayContactTime};
}

std::optional<Levels> UsbRly::read_back(Moment deadline) {
  port_.discard_input();
  port_.write(std::array{kUsbRlyReadStates}, deadline);
  return states(deadline);
}

}  // namespace rig::power
