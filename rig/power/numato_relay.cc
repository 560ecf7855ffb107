#include "power/numato_relay.h"

#include <algorithm>

#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

constexpr Duration kQuiet = 20ms;

}  // namespace

NumatoRelay::NumatoRelay(Stream port, std::uint8_t channels)
    : port_(std::move(port)),
      traits_{.name = port_.name(),
              .first_channel = 0,
              .channels = channels,
              .reads_back = true,
              .contact_time = kRelayContactTime,
              .rated_cycles = kRelayRatedCycles} {}

// Ends the line that may stand in the buffer, then waits until the board has said its last prompt.
void NumatoRelay::find_prompt(Moment deadline) {
  port_.discard_input();
  port_.write(base::bytes_of("\r"), deadline);
  std::string text = port_.read_until(kNumatoPrompt, deadline);
  while (true) {
    const base::Bytes more = port_.read_some(std::min(deadline, now() + kQuiet));
    if (more.empty()) break;
    text += base::as_text(more);
    if (now() >= deadline) throw SwitchError(Fault::garbled, "resynchronise " + traits_.name);
  }
  if (text.ends_with(kNumatoPrompt)) return;
  throw SwitchError(Fault::garbled, "resynchronise " + traits_.name);
}

std::string NumatoRelay::exchange(const std::string& command, Moment deadline) {
  port_.write(base::bytes_of(command + "\r"), deadline);
  const std::string reply = port_.read_until(kNumatoPrompt, deadline);
  const auto answer = numato_answer(reply, command);
  if (answer) return *answer;
  throw SwitchError(Fault::garbled, command + " of " + traits_.name);
}

Switched NumatoRelay::set(Channel channel, Level level, Moment deadline) {
  check_channel(traits_, channel);
  find_prompt(deadline);
  const std::string command = numato_set(channel, level, traits_.channels);
  const Moment begin = now();
  const std::string answer = exchange(command, deadline);
  if (!answer.empty()) {
    throw SwitchError(Fault::refused, command + " of " + traits_.name, "it says " + answer);
  }
  return {.not_before = begin, .not_after = now() + kRelayContactTime};
}

std::optional<Levels> NumatoRelay::read_back(Moment deadline) {
  find_prompt(deadline);
  const auto levels = parse_numato_readall(exchange("relay readall", deadline), traits_.channels);
  if (!levels) throw SwitchError(Fault::garbled, "relay readall of " + traits_.name);
  return levels;
}

}  // namespace rig::power
