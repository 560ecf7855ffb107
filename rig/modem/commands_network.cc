#include <fmt/format.h>

#include <utility>

#include "modem/commands.h"

namespace rig::modem::commands {
namespace {

using namespace std::chrono_literals;
using Report = Registration::Report;
using Status = Registration::Status;

// u-blox AT manuals, "Estimated response time": the longest that a network may take.
constexpr base::Duration kNetworkPatience = 180s;
constexpr base::Duration kNamePatience = 2s;
constexpr base::Duration kLookupPatience = 70s;  // the resolver gives up before
constexpr std::size_t kNameLimit = 100;          // of an APN, 3GPP TS 23.003 section 9.1
constexpr std::size_t kSecretLimit = 64;

struct Reported {
  Report report;
  Status status;
};

Outcome registration_report(Core& core, const Command& command, Reported is) {
  if (command.form == Form::read) {
    core.port.add_line(fmt::format("{}: {},{}", command.name, core.registration.mode(is.report),
                                   core.registration.line(is.report, is.status, core.model)));
    return done();
  }
  const auto mode = command.number(0);
  if (command.form != Form::set || !mode || *mode > 2) return incorrect();
  core.registration.set_mode(is.report, static_cast<std::uint8_t>(*mode));
  return done();
}

Outcome select_automatically(Core& core, base::Instant now) {
  if (core.settings.function != 1) return not_allowed();
  if (core.registration.registered()) return done();
  if (!core.registration.due()) core.search_network(now);
  return wait_for({.what = Awaited::registration, .until = now + kNetworkPatience});
}

std::string operator_line(const Core& core) {
  if (!core.registration.registered()) return "+COPS: 0";
  const std::uint8_t format = core.settings.name_format;
  // 001-01 is the test network of ITU-T E.212.
  return fmt::format(R"(+COPS: 0,{},"{}",{})", format, format == 2 ? "00101" : "otarig",
                     core.model == Model::sara_u2 ? 2 : 8);
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string address_or_nothing(const Core& core) {
  return core.data.active ? base::to_text(core.network.address) : std::string();
}

// Parameters of AT+UPSD.
enum class Tag : std::uint8_t { protocol = 0, apn, user, password, dns1, dns2, authentication, ip };

std::optional<std::string> tag_value(const Core& core, std::uint32_t tag) {
  const DataProfile& profile = core.data.profile;
  switch (static_cast<Tag>(tag)) {
    case Tag::protocol:
      return "0";
    case Tag::apn:
      return quoted(profile.apn);
    case Tag::user:
      return quoted(profile.user);
    case Tag::authentication:
      return fmt::format("{}", profile.authentication);
    case Tag::dns1:
    case Tag::dns2:
    case Tag::ip:
      return quoted("0.0.0.0");
    case Tag::password:
      break;  // never shown
  }
  return std::nullopt;
}

Outcome show_profile(Core& core, const Command& command) {
  if (command.count == 2) {
    const auto tag = command.number(1);
    const auto value = tag ? tag_value(core, *tag) : std::nullopt;
    if (!value) return not_allowed();
    core.port.add_line(fmt::format("+UPSD: 0,{},{}", *tag, *value));
    return done();
  }
  for (std::uint32_t tag = 0; tag <= static_cast<std::uint32_t>(Tag::ip); ++tag) {
    if (const auto value = tag_value(core, tag)) {
      core.port.add_line(fmt::format("+UPSD: 0,{},{}", tag, *value));
    }
  }
  return done();
}

bool assign(std::string& to, std::string_view value, std::size_t limit) {
  if (value.size() > limit) return false;
  to = value;
  return true;
}

bool set_tag(DataProfile& profile, std::uint32_t tag, const Command& command) {
  const std::string_view value = command.text(2);
  switch (static_cast<Tag>(tag)) {
    case Tag::apn:
      return assign(profile.apn, value, kNameLimit);
    case Tag::user:
      return assign(profile.user, value, kSecretLimit);
    case Tag::password:
      return assign(profile.password, value, kSecretLimit);
    case Tag::authentication:
      if (command.number(2).value_or(3) > 2) return false;
      profile.authentication = static_cast<std::uint8_t>(*command.number(2));
      return true;
    case Tag::protocol:
      return command.number(2) == 0U;  // IPv4 only
    case Tag::dns1:
    case Tag::dns2:
    case Tag::ip:
      return address_from(value).has_value();  // the network's own are used all the same
  }
  return false;
}

Outcome start_activation(Core& core, base::Instant now) {
  if (!core.data.attached) return not_allowed();
  if (core.data.active) return done();
  const bool granted = acceptance(core.sim, core.data.profile) == Acceptance::granted;
  const auto takes = granted ? core.network.activation_time : core.network.refusal_time;
  return wait_for({.what = Awaited::activation, .until = now + takes});
}

}  // namespace

Outcome registration_circuit(Core& core, const Command& command, base::Instant) {
  return registration_report(core, command, {Report::creg, core.registration.status()});
}

Outcome registration_packet(Core& core, const Command& command, base::Instant) {
  const bool detached = core.registration.registered() && !core.data.attached;
  return registration_report(core, command,
                             {Report::cgreg, detached ? Status::idle : core.registration.status()});
}

Outcome registration_lte(Core& core, const Command& command, base::Instant) {
  return registration_report(core, command, {Report::cereg, core.registration.status()});
}

Outcome operator_selection(Core& core, const Command& command, base::Instant now) {
  if (command.form == Form::read) {
    core.port.add_line(operator_line(core));
    return done();
  }
  const auto mode = command.number(0);
  if (command.form != Form::set || !mode) return incorrect();
  if (mode == 3U) {
    const auto format = command.number(1);
    if (!format || *format > 2) return incorrect();
    core.settings.name_format = static_cast<std::uint8_t>(*format);
    return done();
  }
  if (mode == 2U) {
    core.leave_network(now);
    return done();
  }
  // A choice by hand finds the only network there is as well.
  return *mode == 0 || *mode == 1 || *mode == 4 ? select_automatically(core, now) : incorrect();
}

Outcome signal_quality(Core& core, const Command&, base::Instant) {
  core.port.add_line(core.registration.registered() ? "+CSQ: 20,99" : "+CSQ: 99,99");
  return done();
}

Outcome packet_attach(Core& core, const Command& command, base::Instant now) {
  if (command.form == Form::read) {
    core.port.add_line(fmt::format("+CGATT: {}", core.data.attached ? 1 : 0));
    return done();
  }
  const auto wanted = command.number(0);
  if (command.form != Form::set || !wanted || *wanted > 1) return incorrect();
  if (*wanted == 0) {
    core.detach(now);
    return done();
  }
  if (core.data.attached) return done();
  return wait_for({.what = Awaited::attachment, .until = now + kNetworkPatience});
}

Outcome context(Core& core, const Command& command, base::Instant) {
  DataProfile& stored = core.data.stored;
  if (command.form == Form::read) {
    if (stored.apn.empty()) return done();
    const std::string address = core.data.active ? base::to_text(core.network.address) : "0.0.0.0";
    core.port.add_line(fmt::format(R"(+CGDCONT: 1,"IP","{}","{}",0,0,0,0)", stored.apn, address));
    return done();
  }
  if (command.form != Form::set || command.number(0) != 1U) return incorrect();
  if (command.count == 1) {
    stored.apn.clear();
    return done();
  }
  const std::string_view type = command.text(1);
  if (type != "IP" && type != "IPV4V6") return incorrect();
  return assign(stored.apn, command.text(2), kNameLimit) ? done() : incorrect();
}

// AT+UAUTHREQ=1,authentication[,user,password]
Outcome context_authentication(Core& core, const Command& command, base::Instant) {
  DataProfile changed = core.data.stored;
  const bool valid = command.form == Form::set && command.number(0) == 1U &&
                     command.number(1).value_or(3) <= 2 &&
                     assign(changed.user, command.text(2), kSecretLimit) &&
                     assign(changed.password, command.text(3), kSecretLimit);
  if (!valid) return incorrect();
  changed.authentication = static_cast<std::uint8_t>(*command.number(1));
  core.data.stored = std::move(changed);
  return done();
}

Outcome context_address(Core& core, const Command&, base::Instant) {
  const std::string address = address_or_nothing(core);
  core.port.add_line(address.empty() ? "+CGPADDR: 1" : fmt::format("+CGPADDR: 1,{}", address));
  return done();
}

Outcome profile_set(Core& core, const Command& command, base::Instant) {
  if (command.form != Form::set || command.number(0) != 0U) return incorrect();
  if (command.count < 3) return show_profile(core, command);
  if (core.data.active) return not_allowed();
  const auto tag = command.number(1);
  return tag && set_tag(core.data.profile, *tag, command) ? done() : incorrect();
}

// AT+UPSDA=0,action: 0 clear, 1 store, 2 load, 3 activate, 4 deactivate.
Outcome profile_action(Core& core, const Command& command, base::Instant now) {
  if (command.form != Form::set || command.number(0) != 0U) return incorrect();
  const auto action = command.number(1);
  if (action == 3U) return start_activation(core, now);
  if (action == 4U) {
    if (!core.data.active) return not_allowed();
    core.deactivate("deactivated", now);
    return done();
  }
  if (action == 1U) {
    core.data.stored = core.data.profile;
    return done();
  }
  if (core.data.active) return not_allowed();
  if (action == 0U) {
    core.data.profile = {};
  } else if (action == 2U) {
    core.data.profile = core.data.stored;
  } else {
    return incorrect();
  }
  return done();
}

Outcome profile_status(Core& core, const Command& command, base::Instant) {
  if (command.form != Form::set || command.number(0) != 0U) return incorrect();
  const auto what = command.number(1);
  if (what == 0U) {
    core.port.add_line(fmt::format("+UPSND: 0,0,\"{}\"", address_or_nothing(core)));
  } else if (what == 1U || what == 2U) {
    core.port.add_line(fmt::format("+UPSND: 0,{},\"0.0.0.0\"", *what));
  } else if (what == 8U) {
    core.port.add_line(fmt::format("+UPSND: 0,8,{}", core.data.active ? 1 : 0));
  } else {
    return incorrect();
  }
  return done();
}

Outcome resolve_name(Core& core, const Command& command, base::Instant now) {
  if (command.form != Form::set || command.number(0) != 0U) return incorrect();
  if (!core.data.active) return not_allowed();
  if (core.network.resolver && !address_from(command.text(1))) {
    const Resolver::Ends ends{.device = core.network.address, .server = *core.network.resolver};
    if (!core.names.ask(command.text(1), ends, now)) return incorrect();
    core.send_streams();
    return wait_for({.what = Awaited::name, .until = now + kLookupPatience});
  }
  const auto address = core.resolve(command.text(1));
  if (!address) return wait_for({.what = Awaited::refusal, .until = now + kNamePatience});
  core.port.add_line(fmt::format("+UDNSRN: \"{}\"", base::to_text(*address)));
  return done();
}

}  // namespace rig::modem::commands
