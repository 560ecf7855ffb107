#include "power/lcus_relay.h"

#include <array>

#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

constexpr Duration kAnswerTime = 300ms;
// Ten bits a byte; the last byte may still be in the converter when the kernel's queue is empty.
constexpr Duration kFrameTime = 4 * std::chrono::nanoseconds(1s) * 10 / kLcusBaud;

}  // namespace

LcusRelay::LcusRelay(Stream port, std::uint8_t channels, Status status)
    : port_(std::move(port)),
      traits_{.name = port_.name(),
              .channels = channels,
              .reads_back = status == Status::answers,
              .contact_time = kRelayContactTime,
              .rated_cycles = kRelayRatedCycles} {
  port_.discard_input();
  if (status == Status::ask) traits_.reads_back = this->status(now() + kAnswerTime).has_value();
}

Switched LcusRelay::set(Channel channel, Level level, Moment deadline) {
  check_channel(traits_, channel);
  const Moment begin = now();
  port_.write(encode_lcus_set(channel, level), deadline);
  port_.drain(deadline);
  return {.not_before = begin, .not_after = now() + kFrameTime + kRelayContactTime};
}

std::optional<Levels> LcusRelay::status(Moment deadline) {
  port_.discard_input();
  port_.write(std::array{kLcusStatusRequest}, deadline);
  base::Bytes answer;
  while (true) {
    const base::Bytes more = port_.read_some(deadline);
    base::append(answer, more);
    const LcusStatus status = parse_lcus_status(answer, traits_.channels);
    if (const auto* levels = std::get_if<Levels>(&status)) return *levels;
    if (std::holds_alternative<LcusGarbled>(status)) break;
    if (!more.empty()) continue;
    if (answer.empty()) return {};
    throw SwitchError(Fault::no_answer, "read the status of " + traits_.name, "it stopped halfway");
  }
  throw SwitchError(Fault::garbled, "read the status of " + traits_.name);
}

std::optional<Levels> LcusRelay::read_back(Moment deadline) {
  if (!traits_.reads_back) return {};
  const auto levels = status(deadline);
  if (!levels) throw SwitchError(Fault::no_answer, "read the status of " + traits_.name);
  return levels;
}

}  // namespace rig::power
