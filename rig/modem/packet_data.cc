#include "modem/packet_data.h"

#include <algorithm>
#include <string_view>

namespace rig::modem {
namespace {

char small(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, small, small);
}

}  // namespace

Acceptance acceptance(const SimCard& card, const DataProfile& profile) {
  if (!same_name(card.apn, profile.apn)) return Acceptance::wrong_apn;
  if (card.user.empty()) return Acceptance::granted;
  const bool proven =
      profile.authentication != 0 && profile.user == card.user && profile.password == card.password;
  return proven ? Acceptance::granted : Acceptance::wrong_authentication;
}

void PacketData::forget() {
  attached = false;
  active = false;
  profile = {};
}

}  // namespace rig::modem
