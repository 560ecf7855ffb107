// The packet-data session: what the host has told the modem about it, and whether the network has
// granted it. On the SARA-U2 this is PSD profile 0, in RAM (AT+UPSD; AT+UPSDA=0,1 can store it and
// AT+UPSDA=0,2 load it, which the product's firmware never does). On the SARA-R410M it is context 1
// of AT+CGDCONT, in the modem's non-volatile memory. Only this one profile is modelled.
#pragma once

#include <cstdint>
#include <string>

#include "modem/sim_card.h"

namespace rig::modem {

struct DataProfile {
  std::string apn;
  std::string user;
  std::string password;
  std::uint8_t authentication{0};  // 0 none, 1 PAP, 2 CHAP

  bool operator==(const DataProfile&) const = default;
};

enum class Acceptance : std::uint8_t { granted, wrong_apn, wrong_authentication };

// What the card's network says to this profile. APNs are compared without regard to case (3GPP TS
// 23.003 section 9.1). A network that asks for no authentication does not mind being offered one.
[[nodiscard]] Acceptance acceptance(const SimCard& card, const DataProfile& profile);

struct PacketData {
  bool attached{false};  // +CGATT
  bool active{false};    // has an address; sockets work
  DataProfile profile;   // in RAM, in use on the SARA-U2
  DataProfile stored;    // in non-volatile memory, in use on the SARA-R410M

  // What dies with the power; `stored` does not.
  void forget();
};

}  // namespace rig::modem
