// The commands, one function each. The argument list, and what the answers look like, are those of
// the u-blox AT command manuals for SARA-U2 (UBX-13002752) and SARA-R4 (UBX-17003787) and of 3GPP
// TS 27.007; sections by command name. Lines go to core.port.
#pragma once

#include "modem/dispatcher.h"

namespace rig::modem::commands {

using Handler = Outcome (*)(Core& core, const Command& command, base::Instant now);

// commands_general.cc: the line, identity, SIM, power and stored settings.
Outcome echo(Core& core, const Command& command, base::Instant now);
Outcome accept_quietly(Core& core, const Command& command, base::Instant now);
Outcome restore_line(Core& core, const Command& command, base::Instant now);
Outcome identify(Core& core, const Command& command, base::Instant now);
Outcome manufacturer(Core& core, const Command& command, base::Instant now);
Outcome model_name(Core& core, const Command& command, base::Instant now);
Outcome firmware_version(Core& core, const Command& command, base::Instant now);
Outcome serial_number(Core& core, const Command& command, base::Instant now);
Outcome card_number(Core& core, const Command& command, base::Instant now);
Outcome subscriber(Core& core, const Command& command, base::Instant now);
Outcome card_state(Core& core, const Command& command, base::Instant now);
Outcome own_number(Core& core, const Command& command, base::Instant now);
Outcome error_format(Core& core, const Command& command, base::Instant now);
Outcome indications(Core& core, const Command& command, base::Instant now);
Outcome stored_setting(Core& core, const Command& command, base::Instant now);
Outcome function_level(Core& core, const Command& command, base::Instant now);
Outcome power_off(Core& core, const Command& command, base::Instant now);

// commands_network.cc: registration, operator, packet domain.
Outcome registration_circuit(Core& core, const Command& command, base::Instant now);
Outcome registration_packet(Core& core, const Command& command, base::Instant now);
Outcome registration_lte(Core& core, const Command& command, base::Instant now);
Outcome operator_selection(Core& core, const Command& command, base::Instant now);
Outcome signal_quality(Core& core, const Command& command, base::Instant now);
Outcome packet_attach(Core& core, const Command& command, base::Instant now);
Outcome context(Core& core, const Command& command, base::Instant now);
Outcome context_authentication(Core& core, const Command& command, base::Instant now);
Outcome context_address(Core& core, const Command& command, base::Instant now);
Outcome profile_set(Core& core, const Command& command, base::Instant now);
Outcome profile_action(Core& core, const Command& command, base::Instant now);
Outcome profile_status(Core& core, const Command& command, base::Instant now);
Outcome resolve_name(Core& core, const Command& command, base::Instant now);

// commands_socket.cc
Outcome socket_create(Core& core, const Command& command, base::Instant now);
Outcome socket_connect(Core& core, const Command& command, base::Instant now);
Outcome socket_close(Core& core, const Command& command, base::Instant now);
Outcome socket_send_to(Core& core, const Command& command, base::Instant now);
Outcome socket_receive_from(Core& core, const Command& command, base::Instant now);
Outcome socket_write(Core& core, const Command& command, base::Instant now);
Outcome socket_read(Core& core, const Command& command, base::Instant now);
Outcome socket_control(Core& core, const Command& command, base::Instant now);
Outcome socket_error(Core& core, const Command& command, base::Instant now);

// The data behind the prompt has arrived.
Outcome upload_done(Core& core, const Upload& upload, base::ByteView data, base::Instant now);

}  // namespace rig::modem::commands
