#include "power/command_switch.h"

#include <fmt/format.h>

#include "power/child.h"
#include "power/clock.h"
#include "power/scpi_text.h"
#include "power/switch_error.h"

namespace rig::power {
namespace {

constexpr std::size_t kQuotedOutput = 400;

std::string quoted(const std::string& output) {
  const bool cut = output.size() > kQuotedOutput;
  return "it printed \"" + output.substr(0, kQuotedOutput) + (cut ? "...\"" : "\"");
}

Finished run(const std::vector<std::string>& argv, const std::string& attempt, Moment deadline) {
  Finished finished = run_program(argv, deadline);
  if (finished.timed_out) {
    throw SwitchError(Fault::no_answer, attempt, "killed; " + quoted(finished.output));
  }
  if (finished.status != 0) {
    throw SwitchError(Fault::refused, attempt,
                      fmt::format("exit status {}; {}", finished.status, quoted(finished.output)));
  }
  return finished;
}

}  // namespace

CommandSwitch::CommandSwitch(SwitchTraits traits, CommandActions actions)
    : traits_(std::move(traits)), actions_(std::move(actions)) {
  if (actions_.on.empty() || actions_.off.empty()) {
    throw base::UsageError(traits_.name + ": a command switch needs a program for on and for off");
  }
  traits_.reads_back = !actions_.state.empty();
}

Switched CommandSwitch::set(Channel channel, Level level, Moment deadline) {
  check_channel(traits_, channel);
  const auto argv = arguments_for(level == Level::on ? actions_.on : actions_.off, channel);
  const Moment begin = now();
  const Finished finished = run(argv, "run " + argv[0] + " for " + traits_.name, deadline);
  return {.not_before = begin, .not_after = finished.ended + traits_.contact_time};
}

std::optional<Levels> CommandSwitch::read_back(Moment deadline) {
  if (!traits_.reads_back) return {};
  Levels levels;
  for (int i = 0; i < traits_.channels; ++i) {
    const Channel channel{static_cast<std::uint8_t>(traits_.first_channel + i)};
    const auto argv = arguments_for(actions_.state, channel);
    const std::string attempt = "read the state of " + traits_.name;
    const Finished finished = run(argv, attempt, deadline);
    const auto level = parse_state_output(finished.output);
    if (!level) throw SwitchError(Fault::garbled, attempt, quoted(finished.output));
    levels.put(channel, *level);
  }
  return levels;
}

std::vector<std::string> arguments_for(const std::vector<std::string>& action, Channel channel) {
  constexpr std::string_view kChannel = "{channel}";
  std::vector<std::string> argv = action;
  for (std::string& each : argv) {
    for (std::size_t at = each.find(kChannel); at != std::string::npos; at = each.find(kChannel)) {
      each.replace(at, kChannel.size(), std::to_string(channel.number));
    }
  }
  return argv;
}

std::optional<Level> parse_state_output(std::string_view output) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t end = output.find_last_not_of(kBlanks);
  if (end == std::string_view::npos) return {};
  output = output.substr(0, end + 1);
  return parse_scpi_level(output.substr(output.find_last_of(kBlanks) + 1));
}

}  // namespace rig::power
