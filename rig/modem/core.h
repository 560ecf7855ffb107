// All parts of one modem, and what they do to each other when the power, the network or the host
// changes something. No AT syntax here: commands call these functions.
#pragma once

#include <optional>
#include <string_view>

#include "base/random.h"
#include "modem/host_port.h"
#include "modem/packet_data.h"
#include "modem/power.h"
#include "modem/registration.h"
#include "modem/resolver.h"
#include "modem/settings.h"
#include "modem/sim_card.h"
#include "modem/sockets.h"
#include "modem/types.h"

namespace rig::modem {

struct Core {
  Core(Model the_model, SimCard card, NetworkSettings settings_of_network, std::uint64_t seed);

  Model model;
  SimCard sim;
  NetworkSettings network;
  Quirks quirks;
  base::Random random;
  HostPort port;
  Power power;
  Registration registration;
  PacketData data;
  SocketTable sockets;
  Resolver names;
  Settings settings;

  // The profile that the network sees: see packet_data.h.
  [[nodiscard]] DataProfile& profile_in_use();

  // The modem has booted.
  void boot_done(base::Instant now);
  // Everything volatile dies; `reason` for "psd lost reason=...".
  void forget(std::string_view reason, base::Instant now);

  void search_network(base::Instant now);
  // The search is over: the network accepts or refuses.
  void search_done(base::Instant now);
  void leave_network(base::Instant now);
  void attach(base::Instant now);
  void detach(base::Instant now);

  // The network's answer to an activation; false when it refuses.
  [[nodiscard]] bool activate(base::Instant now);
  // Sockets close with it. Does nothing when not active.
  void deactivate(std::string_view reason, base::Instant now);

  void receive(const base::Packet& packet, base::Instant now);
  // Hands the streams' packets and the resolver's to the network.
  void send_streams();
  [[nodiscard]] std::optional<std::uint32_t> resolve(std::string_view host) const;

  void state(std::string_view text, base::Instant now);

 private:
  void report_registration();
  void indicate(std::string_view text);
  void refuse_unknown_stream(const base::Packet& packet);
};

// "10.0.0.2"; absent when it is no dotted quad.
[[nodiscard]] std::optional<std::uint32_t> address_from(std::string_view text);

}  // namespace rig::modem
