// What is on the rig's side of a board's modem UART: the modem with its SIM and network, the link,
// the update server, and where a product fetches its images over HTTP the server for that at the
// same address; where names are asked for, who answers; where connections may be led elsewhere, who
// is there; where a TCP relay stands between link and server, the relay and the path beyond it. A
// copyable value without a clock: the simulated world (world.h) drives it in
// virtual time, the real-time shell (board/rig_modem.h) at the end of a real UART.
//
// Calls only change it; settle() carries what its parts hand out to the part it is for, and what is
// left over for the holder is then in take_uart() and take_events().
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "link/shaped_link.h"
#include "modem/modem.h"
#include "ota/http_server.h"
#include "ota/name_server.h"
#include "ota/tcp_relay.h"
#include "ota/update_server.h"
#include "record/event.h"

namespace rig::simulator {

class Surroundings {
 public:
  // Everything is without power; `now` never decreases over all calls.
  Surroundings(modem::Modem modem, link::ShapedLink link, ota::UpdateServer server,
               std::optional<ota::HttpServer> http = std::nullopt);
  // Before the first packet. Where the modem asks for names.
  void add(ota::NameServer names) { names_ = std::move(names); }
  // A server of somebody else at an address of its own, to which the link may lead connections;
  // what it does is told as notes that begin with "portal".
  void add_portal(std::uint32_t address, ota::HttpServer portal) {
    portal_ = {address, std::move(portal)};
  }

  // The link ends at the relay; the server is beyond, at the far end of a path of its own, whose
  // doings are told with "beyond" before them. Meter, packet log and byte counts are the link's.
  void add_relay(ota::TcpRelay relay, link::ShapedLink beyond) {
    relay_.emplace(Relayed{std::move(relay), std::move(beyond)});
  }

  // VCC of the modem's own power domain.
  void set_supply(bool on, base::Instant now) {
    ++touches_;
    modem_.set_supply(on, now);
  }
  // The modem's pins, idle high. These two alone may name an instant before the last `now`.
  void set_power_pin(bool high, base::Instant at) {
    ++touches_;
    modem_.set_power_pin(high, at);
  }
  void set_reset_pin(bool high, base::Instant at) {
    ++touches_;
    modem_.set_reset_pin(high, at);
  }
  void host_bytes(base::ByteView bytes, base::Instant now) {
    ++touches_;
    modem_.host_bytes(bytes, now);
  }
  void set_target(ota::Target target, base::Instant now) {
    ++touches_;
    server_.set_target(target, now);
  }

  // Runs what is due by `now`, once; what comes of it may be due at once again.
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  // Counts whatever may change anything here: what was given to it, and timers that ran. Two copies
  // of one origin with the same count are the same.
  [[nodiscard]] std::uint64_t touches() const { return touches_; }
  void settle(base::Instant now);

  // For the host, in order; `at` is when the modem begins to send.
  [[nodiscard]] std::vector<modem::UartBytes> take_uart() { return std::exchange(uart_, {}); }
  // Lanes modem, server and link.
  [[nodiscard]] std::vector<record::Event> take_events() { return std::exchange(events_, {}); }
  // The modem's CTS.
  [[nodiscard]] bool clear_to_send() const { return modem_.clear_to_send(); }
  // The modem has booted; before, and when off, it hears nothing.
  [[nodiscard]] bool modem_ready() const { return modem_.ready(); }

  // Wire bytes that the link delivered since count_from_here().
  [[nodiscard]] std::uint64_t delivered_bytes(base::Direction direction) const;
  void count_from_here();

  // For the impairments of the link (link/window.h) and its log (link/packet_log.h).
  void set_phase(const std::string& phase, base::Instant now);
  void keep_packets() { link_.keep_log(); }
  [[nodiscard]] const link::ShapedLink& link() const { return link_; }

 private:
  void settle_modem(base::Instant now);
  void settle_server(std::vector<ota::Output> outputs, base::Instant now);
  void settle_portal(base::Instant now);
  void settle_relay(base::Instant now);
  void deliver(base::Instant now);
  void deliver_beyond(base::Instant now);
  void deliver_up(const base::Packet& packet, base::Instant now);
  void tell_of_link();
  void tell_of(link::ShapedLink& link, const char* which);

  struct Relayed {
    ota::TcpRelay relay;
    link::ShapedLink beyond;
  };

  modem::Modem modem_;
  link::ShapedLink link_;
  ota::UpdateServer server_;
  std::optional<ota::HttpServer> http_;
  std::optional<ota::NameServer> names_;
  std::optional<std::pair<std::uint32_t, ota::HttpServer>> portal_;
  std::optional<Relayed> relay_;
  std::vector<modem::UartBytes> uart_;
  std::vector<record::Event> events_;
  std::uint64_t touches_{0};
  std::uint64_t bytes_base_up_{0};
  std::uint64_t bytes_base_down_{0};
};

}  // namespace rig::simulator
