#include "modem/core.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace rig::modem {

Core::Core(Model the_model, SimCard card, NetworkSettings settings_of_network, std::uint64_t seed)
    : model(the_model),
      sim(std::move(card)),
      network(std::move(settings_of_network)),
      random(base::derived_seed(seed, "modem")),
      power(the_model, network.boot_time) {}

DataProfile& Core::profile_in_use() { return model == Model::sara_u2 ? data.profile : data.stored; }

void Core::state(std::string_view text, base::Instant now) {
  port.trace(TraceKind::state, text, now);
}

void Core::boot_done(base::Instant now) {
  state("ready", now);
  search_network(now);
}

void Core::forget(std::string_view reason, base::Instant now) {
  if (data.active) state(fmt::format("psd lost reason={}", reason), now);
  sockets.close_all();
  names.forget();
  data.forget();
  registration = {};
  settings.forget();
  port.forget();
}

void Core::search_network(base::Instant now) {
  if (!sim.inserted || settings.function != 1) return;
  registration.search(now + network.registration_time);
  report_registration();
}

void Core::search_done(base::Instant now) {
  // A UMTS network takes the card in and asks for the APN later; an LTE network wants the APN with
  // the registration itself (3GPP TS 23.401 section 5.3.2).
  const bool accepted = model == Model::sara_u2 || activate(now);
  registration.settle(accepted);
  report_registration();
  if (!accepted) return;
  state("registered", now);
  indicate("+CIEV: 3,1");
  attach(now);
}

void Core::leave_network(base::Instant now) {
  detach(now);
  registration.stop();
  report_registration();
}

void Core::attach(base::Instant now) {
  if (data.attached || !registration.registered()) return;
  data.attached = true;
  if (model == Model::sara_r410 && !data.active) data.active = activate(now);
  indicate("+CIEV: 9,2");
}

void Core::detach(base::Instant now) {
  if (!data.attached) return;
  if (data.active) port.queue_urc("+UUPSDD: 0");
  deactivate("detached", now);
  data.attached = false;
  indicate("+CIEV: 9,1");
}

bool Core::activate(base::Instant now) {
  const DataProfile& profile = profile_in_use();
  const Acceptance answer = acceptance(sim, profile);
  if (answer == Acceptance::granted) {
    data.active = true;
    state(fmt::format("attached apn={} ip={}", profile.apn, base::to_text(network.address)), now);
    return true;
  }
  const bool wrong_apn = answer == Acceptance::wrong_apn;
  state(fmt::format("refused apn={}{}", profile.apn, wrong_apn ? "" : " reason=authentication"),
        now);
  return false;
}

void Core::deactivate(std::string_view reason, base::Instant now) {
  if (!data.active) return;
  data.active = false;
  sockets.close_all();
  names.forget();
  state(fmt::format("psd lost reason={}", reason), now);
}

void Core::receive(const base::Packet& packet, base::Instant now) {
  const char* lost = nullptr;
  if (!power.ready()) {
    lost = "power";
  } else if (!data.active || packet.destination.address != network.address) {
    lost = "no-session";
  } else if (!names.receive(packet)) {
    const SocketTable::Arrival arrival = sockets.receive(packet, now);
    if (arrival == SocketTable::Arrival::overflow) lost = "queue-full";
    if (arrival == SocketTable::Arrival::no_socket) {
      lost = "no-socket";
      refuse_unknown_stream(packet);
    }
  }
  send_streams();
  if (lost == nullptr) return;
  state(fmt::format("packet dropped reason={} port={} bytes={}", lost, packet.destination.port,
                    packet.payload.size()),
        now);
}

// RFC 9293 section 3.10.7.1: a segment for a connection that does not exist.
void Core::refuse_unknown_stream(const base::Packet& packet) {
  if (packet.protocol != base::Protocol::tcp || (packet.tcp_flags & base::kTcpRst) != 0) return;
  base::Packet reset;
  reset.protocol = base::Protocol::tcp;
  reset.source = packet.destination;
  reset.destination = packet.source;
  reset.tcp_flags = base::kTcpRst | base::kTcpAck;
  reset.sequence = packet.acknowledgement;
  reset.acknowledgement = packet.sequence + static_cast<std::uint32_t>(packet.payload.size());
  port.send(std::move(reset));
}

void Core::send_streams() {
  for (base::Packet& packet : names.take_packets()) port.send(std::move(packet));
  for (base::Packet& packet : sockets.take_packets()) port.send(std::move(packet));
}

std::optional<std::uint32_t> Core::resolve(std::string_view host) const {
  if (const auto address = address_from(host)) return address;
  const auto known = network.hosts.find(std::string(host));
  if (known == network.hosts.end()) return std::nullopt;
  return known->second;
}

void Core::report_registration() {
  using Report = Registration::Report;
  constexpr std::array<std::pair<Report, const char*>, Registration::kReports> kNames{
      {{Report::creg, "+CREG"}, {Report::cgreg, "+CGREG"}, {Report::cereg, "+CEREG"}}};
  for (const auto& [report, name] : kNames) {
    if (registration.mode(report) == 0) continue;
    port.queue_urc(
        fmt::format("{}: {}", name, registration.line(report, registration.status(), model)));
  }
}

void Core::indicate(std::string_view text) {
  if (settings.indications) port.queue_urc(std::string(text));
}

std::optional<std::uint32_t> address_from(std::string_view text) {
  std::uint32_t address = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == end || *at++ != '.')) return std::nullopt;
    std::uint8_t value = 0;
    const auto [behind, error] = std::from_chars(at, end, value);
    if (error != std::errc()) return std::nullopt;
    at = behind;
    address = address << 8 | value;
  }
  if (at != end) return std::nullopt;
  return address;
}

}  // namespace rig::modem
