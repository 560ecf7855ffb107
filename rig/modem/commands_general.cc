#include <fmt/format.h>

#include <algorithm>

#include "modem/commands.h"

namespace rig::modem::commands {
namespace {

using namespace std::chrono_literals;

// The test IMEI of the GSM Association (TS.06): no real device has it.
constexpr std::string_view kSerialNumber = "004999010640000";

std::string_view name_of(Model model) {
  return model == Model::sara_u2 ? "SARA-U201" : "SARA-R410M-02B";
}

std::string_view version_of(Model model) {
  return model == Model::sara_u2 ? "23.60" : "L0.0.00.00.05.08";
}

// Unsigned argument 0, at most `limit`.
std::optional<std::uint8_t> small_number(const Command& command, std::uint32_t limit) {
  const auto value = command.number(0);
  if (command.form != Form::set || !value || *value > limit) return std::nullopt;
  return static_cast<std::uint8_t>(*value);
}

}  // namespace

Outcome echo(Core& core, const Command& command, base::Instant) {
  if (command.form == Form::set && command.number(0).value_or(2) > 1) return error();
  core.settings.echo = command.number(0) == 1U;
  return done();
}

Outcome accept_quietly(Core&, const Command&, base::Instant) { return done(); }

Outcome restore_line(Core& core, const Command&, base::Instant) {
  core.settings.restore_line();
  return done();
}

Outcome identify(Core& core, const Command& command, base::Instant) {
  const bool application = command.number(0) == 9U;
  core.port.add_line(application ? fmt::format("{},A01.00", version_of(core.model))
                                 : fmt::format("{}-00S-00", name_of(core.model)));
  return done();
}

Outcome manufacturer(Core& core, const Command&, base::Instant) {
  core.port.add_line("u-blox");
  return done();
}

Outcome model_name(Core& core, const Command&, base::Instant) {
  core.port.add_line(name_of(core.model));
  return done();
}

Outcome firmware_version(Core& core, const Command&, base::Instant) {
  core.port.add_line(version_of(core.model));
  return done();
}

Outcome serial_number(Core& core, const Command&, base::Instant) {
  core.port.add_line(kSerialNumber);
  return done();
}

Outcome card_number(Core& core, const Command&, base::Instant) {
  core.port.add_line(fmt::format("+CCID: {}", core.sim.iccid));
  return done();
}

Outcome subscriber(Core& core, const Command&, base::Instant) {
  core.port.add_line(core.sim.imsi);
  return done();
}

Outcome card_state(Core& core, const Command& command, base::Instant) {
  if (command.form != Form::read) return cme(CmeError::operation_not_allowed);  // no PIN is set
  core.port.add_line("+CPIN: READY");
  return done();
}

// A data card has no number to tell.
Outcome own_number(Core&, const Command&, base::Instant) { return done(); }

Outcome error_format(Core& core, const Command& command, base::Instant) {
  if (command.form == Form::read) {
    core.port.add_line(fmt::format("+CMEE: {}", core.settings.error_format));
    return done();
  }
  const auto format = small_number(command, 2);
  if (!format) return incorrect();
  core.settings.error_format = *format;
  return done();
}

// AT+CMER=mode,keypad,display,indicator,buffer: only the indicator part has an effect.
Outcome indications(Core& core, const Command& command, base::Instant) {
  if (command.form == Form::read) {
    core.port.add_line(core.settings.indications ? "+CMER: 1,0,0,2,1" : "+CMER: 0,0,0,0,0");
    return done();
  }
  if (!small_number(command, 3)) return incorrect();
  core.settings.indications = command.number(0) != 0U && command.number(3).value_or(0) > 0;
  return done();
}

Outcome stored_setting(Core& core, const Command& command, base::Instant) {
  std::string* const value = core.settings.stored(command.name);
  if (value == nullptr) return error();
  if (command.form == Form::read) {
    core.port.add_line(fmt::format("{}: {}", command.name, *value));
    return done();
  }
  const bool fits = command.argument_text.size() <= Settings::kValueLimit;
  if (command.form != Form::set || !fits || !command.number(0)) return incorrect();
  *value = command.argument_text;
  return done();
}

Outcome function_level(Core& core, const Command& command, base::Instant now) {
  if (command.form == Form::read) {
    core.port.add_line(fmt::format("+CFUN: {},0", core.settings.function));
    return done();
  }
  const auto level = command.number(0);
  if (command.form != Form::set || !level) return incorrect();
  if (level == 15U || level == 16U) {
    return wait_for({.what = Awaited::restart, .until = now + 100ms});
  }
  if (level != 0U && level != 1U && level != 4U) return cme(CmeError::operation_not_supported);
  const bool was_on = core.settings.function == 1;
  core.settings.function = static_cast<std::uint8_t>(*level);
  if (level == 1U && !was_on) core.search_network(now);
  if (level != 1U && was_on) core.leave_network(now);
  return done();
}

Outcome power_off(Core&, const Command& command, base::Instant now) {
  if (command.form != Form::execute) return error();
  return wait_for({.what = Awaited::power_off, .until = now + 1s});
}

}  // namespace rig::modem::commands
