#include "simulator/surroundings.h"

#include <algorithm>
#include <string>
#include <variant>

namespace rig::simulator {
namespace {

using record::EventKind;
using record::Lane;

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

EventKind kind_of(modem::TraceKind kind) {
  switch (kind) {
    case modem::TraceKind::command:
      return EventKind::command;
    case modem::TraceKind::answer:
      return EventKind::answer;
    case modem::TraceKind::urc:
      return EventKind::urc;
    case modem::TraceKind::state:
      return EventKind::state;
  }
  return EventKind::note;
}

EventKind kind_of(ota::TraceKind kind) {
  switch (kind) {
    case ota::TraceKind::session:
      return EventKind::session;
    case ota::TraceKind::describe:
      return EventKind::describe;
    case ota::TraceKind::offer:
      return EventKind::offer;
    case ota::TraceKind::progress:
      return EventKind::progress;
    case ota::TraceKind::result:
      return EventKind::result;
    case ota::TraceKind::healing:
      return EventKind::healing;
    case ota::TraceKind::note:
      return EventKind::note;
  }
  return EventKind::note;
}

}  // namespace

Surroundings::Surroundings(modem::Modem modem, link::ShapedLink link, ota::UpdateServer server,
                           std::optional<ota::HttpServer> http)
    : modem_(std::move(modem)),
      link_(std::move(link)),
      server_(std::move(server)),
      http_(std::move(http)) {}

std::optional<base::Instant> Surroundings::wake_time() const {
  std::optional<base::Instant> first;
  for (const auto at : {modem_.wake_time(), link_.wake_time(), server_.wake_time(),
                        http_ ? http_->wake_time() : std::nullopt,
                        portal_ ? portal_->second.wake_time() : std::nullopt,
                        relay_ ? relay_->relay.wake_time() : std::nullopt,
                        relay_ ? relay_->beyond.wake_time() : std::nullopt}) {
    if (at) first = first ? std::min(*first, *at) : *at;
  }
  return first;
}

void Surroundings::advance(base::Instant now) {
  const auto due = [now](std::optional<base::Instant> at) { return at && *at <= now; };
  if (due(wake_time())) ++touches_;
  if (due(modem_.wake_time())) modem_.advance(now);
  if (due(server_.wake_time())) server_.advance(now);
  if (http_ && due(http_->wake_time())) http_->advance(now);
  if (portal_ && due(portal_->second.wake_time())) portal_->second.advance(now);
  if (relay_ && due(relay_->relay.wake_time())) relay_->relay.advance(now);
  deliver(now);
  if (relay_ && due(relay_->beyond.wake_time())) deliver_beyond(now);
  tell_of_link();
}

void Surroundings::settle(base::Instant now) {
  settle_modem(now);
  settle_server(server_.take_outputs(), now);
  if (http_) settle_server(http_->take_outputs(), now);
  if (portal_) settle_portal(now);
  if (relay_) settle_relay(now);
}

void Surroundings::settle_relay(base::Instant now) {
  for (base::Packet& each : relay_->relay.take_to_device()) {
    link_.send(base::Direction::down, std::move(each), now);
  }
  for (base::Packet& each : relay_->relay.take_to_server()) {
    relay_->beyond.send(base::Direction::up, std::move(each), now);
  }
}

void Surroundings::settle_portal(base::Instant now) {
  auto outputs = portal_->second.take_outputs();
  for (ota::Output& each : outputs) {
    auto* trace = std::get_if<ota::Trace>(&each);
    if (trace != nullptr) {
      *trace = {.at = trace->at, .kind = ota::TraceKind::note, .text = "portal " + trace->text};
    }
  }
  settle_server(std::move(outputs), now);
}

void Surroundings::settle_modem(base::Instant now) {
  for (auto& output : modem_.take_outputs()) {
    std::visit(Overloaded{
                   [this](modem::UartBytes& sent) { uart_.push_back(std::move(sent)); },
                   [this, now](modem::SendPacket& sent) {
                     link_.send(base::Direction::up, std::move(sent.packet), now);
                   },
                   [this](modem::Trace& trace) {
                     events_.push_back(
                         {trace.at, Lane::modem, kind_of(trace.kind), 0, 0, std::move(trace.text)});
                   },
               },
               output);
  }
}

void Surroundings::settle_server(std::vector<ota::Output> outputs, base::Instant now) {
  for (auto& output : outputs) {
    std::visit(Overloaded{
                   [this, now](ota::SendPacket& sent) {
                     const bool relayed = relay_ && relay_->relay.expects(sent.packet);
                     link::ShapedLink& link = relayed ? relay_->beyond : link_;
                     link.send(base::Direction::down, std::move(sent.packet), now);
                   },
                   [this](ota::Trace& trace) {
                     events_.push_back({trace.at, Lane::server, kind_of(trace.kind), 0, trace.value,
                                        std::move(trace.text)});
                   },
               },
               output);
  }
}

void Surroundings::deliver(base::Instant now) {
  if (link_.wake_time() && *link_.wake_time() <= now) {
    for (const auto& delivery : link_.release_due(now)) {
      if (delivery.direction == base::Direction::down) {
        modem_.receive(delivery.packet, now);
      } else {
        deliver_up(delivery.packet, now);
      }
    }
  }
}

void Surroundings::deliver_beyond(base::Instant now) {
  for (const auto& delivery : relay_->beyond.release_due(now)) {
    if (delivery.direction == base::Direction::down) {
      relay_->relay.from_server(delivery.packet, now);
    } else if (http_ && http_->serves(delivery.packet)) {
      http_->receive(delivery.packet, now);
    }
  }
}

void Surroundings::deliver_up(const base::Packet& packet, base::Instant now) {
  if (portal_ && packet.destination.address == portal_->first) {
    if (portal_->second.serves(packet)) portal_->second.receive(packet, now);
  } else if (names_ && names_->serves(packet)) {
    auto answer = names_->answer(packet);
    if (answer) link_.send(base::Direction::down, std::move(*answer), now);
  } else if (relay_ && relay_->relay.serves(packet)) {
    relay_->relay.from_device(packet, now);
  } else if (http_ && http_->serves(packet)) {
    http_->receive(packet, now);
  } else {
    server_.receive(packet, now);
  }
}

// What was dropped since somebody last looked may be older than what changed just now.
void Surroundings::tell_of_link() {
  const auto first = static_cast<std::ptrdiff_t>(events_.size());
  tell_of(link_, "");
  if (relay_) tell_of(relay_->beyond, "beyond ");
  std::stable_sort(events_.begin() + first, events_.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
}

void Surroundings::tell_of(link::ShapedLink& link, const char* which) {
  for (auto& change : link.take_changes()) {
    events_.push_back({change.at, Lane::link, EventKind::shaped, 0, 0, which + change.text});
  }
  for (const auto& drop : link.take_drops()) {
    const bool up = drop.direction == base::Direction::up;
    events_.push_back({drop.at, Lane::link, EventKind::dropped, 0, drop.wire_bytes,
                       which + ((up ? "up " : "down ") + drop.reason)});
  }
}

void Surroundings::set_phase(const std::string& phase, base::Instant now) {
  ++touches_;
  link_.set_phase(phase, now);
  if (relay_) relay_->beyond.set_phase(phase, now);
  tell_of_link();
}

std::uint64_t Surroundings::delivered_bytes(base::Direction direction) const {
  const auto before = direction == base::Direction::up ? bytes_base_up_ : bytes_base_down_;
  return link_.delivered_bytes(direction) - before;
}

void Surroundings::count_from_here() {
  ++touches_;
  link_.count_from_here();
  if (relay_) relay_->beyond.count_from_here();
  bytes_base_up_ = link_.delivered_bytes(base::Direction::up);
  bytes_base_down_ = link_.delivered_bytes(base::Direction::down);
}

}  // namespace rig::simulator
