// What the parts of the world hand out: carried to the part it is for, and recorded.
#include <string>

#include "simulator/world.h"

namespace rig::simulator {
namespace {

using record::EventKind;
using record::Lane;

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

}  // namespace

void World::record(record::Event event) {
  noteworthy_ = noteworthy_ || is_noteworthy(event);
  events_.push_back(std::move(event));
}

void World::drive_modem(const PinEdge& edge) {
  if (edge.pin == Pin::modem_power) {
    around_.set_power_pin(edge.high, edge.at);
  } else if (edge.pin == Pin::modem_reset) {
    around_.set_reset_pin(edge.high, edge.at);
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

void World::collect_surroundings() {
  around_.settle(clock_);
  for (auto& event : around_.take_events()) {
    record(std::move(event));
  }
  for (auto& sent : around_.take_uart()) {
    mcu_.modem_sends(sent.bytes, sent.at);
  }
  if (const bool clear = around_.clear_to_send(); clear != clear_to_send_) {
    clear_to_send_ = clear;
    mcu_.set_clear_to_send(clear, clock_);
  }
}

void World::collect() {
  collect_mcu();
  collect_surroundings();
}

}  // namespace rig::simulator
