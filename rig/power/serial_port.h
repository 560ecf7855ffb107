// Opens and configures a serial port; everything after that is Stream's. It does not choose the
// port: power/usb_address.h does.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace rig::power {

// `path` at `baud`, 8 data bits, no parity, one stop bit, no flow control, by libserialport, which
// also knows the drivers that need odd rates. DTR and RTS are raised, as every program raises them:
// CDC-ACM boards stay mute without DTR. A pseudo terminal, which has no modem lines and is refused
// by libserialport, is configured by termios: an emulated relay stands behind it.
//
// SwitchError: absent, no_permission, busy (another process holds it exclusively), wrong_device
// (not a serial port). The port is held exclusively (flock; TIOCEXCL on a real
// port) while the descriptor lives.
[[nodiscard]] base::UniqueFd open_serial_port(const std::string& path, int baud);

}  // namespace rig::power
