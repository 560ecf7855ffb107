#include "board/modem_uart.h"

#include "console/port_place.h"

namespace rig::board {
ModemUart::ModemUart(io::Loop& loop, const ModemPlace& place, RigModem& modem) : modem_(modem) {
  if (const auto* socket = std::get_if<SocketPlace>(&place)) {
    listener_.emplace(loop, socket->path, [this](io::UniqueFd peer) {
      modem_.detach();
      peer_ = std::move(peer);
      modem_.attach(peer_.get());
    });
  } else {
    const auto& adapter = std::get<AdapterPlace>(place);
    adapter_ =
        std::make_unique<console::SerialPort>(console::node_of(adapter.match), adapter.settings);
    modem_.attach(adapter_->descriptor());
  }
}

ModemUart::~ModemUart() { modem_.detach(); }

void ModemUart::release_board(bool released) {
  if (adapter_) adapter_->hold_low(released);
}

}  // namespace rig::board
