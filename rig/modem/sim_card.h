// A SIM card and the network behind it: which APN it needs, and what the network does with a wrong
// one. Data from fixtures/sim-cards. No radio is modelled.
#pragma once

#include <cstdint>
#include <string>

namespace rig::modem {

struct SimCard {
  std::string name;   // file name below fixtures/sim-cards, "third-party"
  std::string imsi;   // 14 or 15 digits
  std::string iccid;  // 19 or 20 digits
  std::string apn;    // the APN the network accepts for this card
  std::string user;   // empty: no authentication needed
  std::string password;
  bool inserted{true};
};

}  // namespace rig::modem
