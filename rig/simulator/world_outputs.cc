// What the parts of the world hand out: carried to the part it is for, and recorded.
#include <string>
#include <variant>

#include "simulator/world.h"

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

bool is_noteworthy(const record::Event& event) {
  switch (event.lane) {
    case Lane::console:
    case Lane::power:
    case Lane::server:
      return true;
    case Lane::cpu:
      return event.kind != EventKind::pin;
    case Lane::rig:
    case Lane::device:
    case Lane::flash:
    case Lane::modem:
    case Lane::link:
      return false;
  }
  return false;
}

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

void World::record(record::Event event) {
  noteworthy_ = noteworthy_ || is_noteworthy(event);
  events_.push_back(std::move(event));
}

void World::drive_modem(const PinEdge& edge) {
  if (edge.pin == Pin::modem_power) {
    modem_.set_power_pin(edge.high, edge.at);
  } else if (edge.pin == Pin::modem_reset) {
    modem_.set_reset_pin(edge.high, edge.at);
  } else if (edge.pin == Pin::watchdog_feed && edge.high) {
    supervisor_.feed(edge.at);
  }
}

void World::collect_mcu() {
  if (!mcu_.has_outputs()) {
    return;
  }
  auto events = mcu_.take_events();
  const auto edges = mcu_.take_edges();
  auto event = events.begin();
  for (const auto& edge : edges) {
    for (; event != events.end() && event->at <= edge.at; ++event) {
      record(std::move(*event));
    }
    record({.at = edge.at,
            .lane = Lane::cpu,
            .kind = EventKind::pin,
            .address = 0,
            .value = edge.high ? 1U : 0U,
            .text = std::string(name_of(edge.pin))});
    drive_modem(edge);
  }
  for (; event != events.end(); ++event) {
    record(std::move(*event));
  }
}

void World::collect_modem() {
  for (auto& output : modem_.take_outputs()) {
    std::visit(
        Overloaded{
            [this](modem::UartBytes& sent) { mcu_.modem_sends(sent.bytes, sent.at); },
            [this](modem::SendPacket& sent) {
              link_.send(base::Direction::up, std::move(sent.packet), clock_);
            },
            [this](modem::Trace& trace) {
              record({trace.at, Lane::modem, kind_of(trace.kind), 0, 0, std::move(trace.text)});
            },
        },
        output);
  }
  if (const bool clear = modem_.clear_to_send(); clear != clear_to_send_) {
    clear_to_send_ = clear;
    mcu_.set_clear_to_send(clear, clock_);
  }
}

void World::collect_server() {
  for (auto& output : server_.take_outputs()) {
    std::visit(Overloaded{
                   [this](ota::SendPacket& sent) {
                     link_.send(base::Direction::down, std::move(sent.packet), clock_);
                   },
                   [this](ota::Trace& trace) {
                     record({trace.at, Lane::server, kind_of(trace.kind), 0, trace.value,
                             std::move(trace.text)});
                   },
               },
               output);
  }
}

// Deliveries, and then what was lost.
void World::collect_link() {
  if (link_.wake_time() && *link_.wake_time() <= clock_) {
    for (const auto& delivery : link_.release_due(clock_)) {
      if (delivery.direction == base::Direction::up) {
        server_.receive(delivery.packet, clock_);
      } else {
        modem_.receive(delivery.packet, clock_);
      }
    }
  }
  for (const auto& drop : link_.take_drops()) {
    const bool up = drop.direction == base::Direction::up;
    record({drop.at, Lane::link, EventKind::dropped, 0, drop.wire_bytes,
            (up ? "up " : "down ") + drop.reason});
  }
}

void World::collect() {
  collect_mcu();
  collect_modem();
  collect_server();
}

}  // namespace rig::simulator
