#include "power/scpi_supply.h"

#include "power/clock.h"
#include "power/scpi_text.h"
#include "power/switch_error.h"

namespace rig::power {

ScpiSupply::ScpiSupply(ScpiLink link, std::uint8_t outputs, Moment deadline)
    : link_(std::move(link)),
      traits_{.name = link_.name(), .channels = outputs, .reads_back = true} {
  link_.tell(kScpiClear, deadline);
  complain_about_errors(std::string(kScpiClear), deadline);
}

void ScpiSupply::complain_about_errors(const std::string& line, Moment deadline) {
  const std::string answer = link_.ask(kScpiError, deadline);
  if (is_scpi_no_error(answer)) return;
  const bool numbered = parse_scpi_number(answer.substr(0, answer.find(','))).has_value();
  throw SwitchError(numbered ? Fault::refused : Fault::garbled, line + " of " + traits_.name,
                    "it says " + answer);
}

void ScpiSupply::select(Channel channel, Moment deadline) {
  check_channel(traits_, channel);
  if (traits_.channels > 1) link_.tell(scpi_select(channel), deadline);
}

Switched ScpiSupply::carry_out(const std::string& line, Moment deadline) {
  const Moment begin = now();
  link_.tell(line, deadline);
  const std::string done = link_.ask(kScpiCompleted, deadline);
  const Switched switched{.not_before = begin, .not_after = now()};
  if (parse_scpi_number(done) != 1.0) {
    throw SwitchError(Fault::garbled, line + " of " + traits_.name, "*OPC? answers " + done);
  }
  complain_about_errors(line, deadline);
  return switched;
}

// A tripped protection shows as an output that is off again.
void ScpiSupply::complain_when_off(const std::string& line, Moment deadline) {
  if (parse_scpi_level(link_.ask(kScpiOutputQuery, deadline)) == Level::on) return;
  throw SwitchError(Fault::refused, line + " of " + traits_.name,
                    "the output does not stay on: protection tripped, or the load is too large");
}

Switched ScpiSupply::set(Channel channel, Level level, Moment deadline) {
  select(channel, deadline);
  const std::string line = scpi_output(level);
  const Switched switched = carry_out(line, deadline);
  if (level == Level::on) complain_when_off(line, deadline);
  return switched;
}

std::optional<Levels> ScpiSupply::read_back(Moment deadline) {
  Levels levels;
  for (Channel channel{1}; channel.number <= traits_.channels; ++channel.number) {
    select(channel, deadline);
    const auto level = parse_scpi_level(link_.ask(kScpiOutputQuery, deadline));
    if (!level) throw SwitchError(Fault::garbled, "read the outputs of " + traits_.name);
    levels.put(channel, *level);
  }
  return levels;
}

Switched ScpiSupply::set_volts(Channel channel, double volts, Moment deadline) {
  select(channel, deadline);
  return carry_out(scpi_volts(volts), deadline);
}

double ScpiSupply::measure_volts(Channel channel, Moment deadline) {
  select(channel, deadline);
  const auto volts = parse_scpi_number(link_.ask(kScpiMeasureVolts, deadline));
  if (!volts) throw SwitchError(Fault::garbled, "measure the output of " + traits_.name);
  return *volts;
}

Switched ScpiSupply::take(const VoltageStep& step, Moment deadline) {
  if (const auto* volts = std::get_if<double>(&step.what)) {
    return carry_out(scpi_volts(*volts), deadline);
  }
  return carry_out(scpi_output(std::get<Level>(step.what)), deadline);
}

std::vector<PlayedStep> ScpiSupply::play(Channel channel, const VoltageProfile& profile,
                                         Moment deadline) {
  std::vector<PlayedStep> played;
  const std::vector<VoltageStep> steps = steps_of(profile);
  select(channel, deadline);
  const Moment begin = now();
  for (const VoltageStep& step : steps) {
    link_.wait_until(begin + step.at);
    played.push_back({.step = step, .switched = take(step, deadline)});
  }
  return played;
}

}  // namespace rig::power
