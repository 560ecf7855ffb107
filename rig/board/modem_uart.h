// Where a board's modem UART ends in the rig, and the way its bytes take into RigModem: a local
// socket that an emulator connects to at each power-on, or a USB-serial adapter that sits in place
// of the cellular module.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "board/rig_modem.h"
#include "console/port_match.h"
#include "console/serial_port.h"
#include "io/local_listener.h"
#include "io/loop.h"

namespace rig::board {

struct SocketPlace {
  std::string path;
};
struct AdapterPlace {
  console::PortMatch match;
  console::SerialSettings settings;
};
using ModemPlace = std::variant<SocketPlace, AdapterPlace>;

class ModemUart {
 public:
  // `modem` must outlive it. Throws base::UsageError (no such adapter, several) or base::RigError.
  ModemUart(io::Loop& loop, const ModemPlace& place, RigModem& modem);
  ~ModemUart();
  ModemUart(const ModemUart&) = delete;
  ModemUart& operator=(const ModemUart&) = delete;

  // Before a cut: the adapter holds its pins low, so that they feed no board. False: gives them
  // back. An emulator has no pins.
  void release_board(bool released);

 private:
  RigModem& modem_;
  std::optional<io::LocalListener> listener_;
  io::UniqueFd peer_;
  std::unique_ptr<console::SerialPort> adapter_;
};

}  // namespace rig::board
