#include "modem/modem.h"

#include <algorithm>
#include <utility>

namespace rig::modem {

Modem::Modem(Model model, SimCard sim, NetworkSettings network, std::uint64_t seed)
    : core_(model, std::move(sim), std::move(network), seed) {}

void Modem::set_supply(bool on, base::Instant now) {
  run_until(now);
  supplied_ = on;
  follow(core_.power.set_supply(on, now), now);
}

void Modem::set_power_pin(bool high, base::Instant now) {
  run_until(now);
  follow(core_.power.set_power_pin(high, now), now);
}

void Modem::set_reset_pin(bool high, base::Instant now) {
  run_until(now);
  follow(core_.power.set_reset_pin(high, now), now);
}

void Modem::follow(Power::Change change, base::Instant now) {
  switch (change) {
    case Power::Change::none:
      return;
    case Power::Change::started:
      core_.state("power on", now);
      return;
    case Power::Change::ready:
      core_.boot_done(now);
      return;
    case Power::Change::reset:
      core_.forget("reset", now);
      core_.state("reset", now);
      dialogue_.forget();
      return;
    case Power::Change::stopped:
      core_.forget(supplied_ ? "power-off" : "supply", now);
      core_.state("power off", now);
      dialogue_.forget();
      return;
  }
}

void Modem::host_bytes(base::ByteView bytes, base::Instant now) {
  run_until(now);
  if (!core_.power.ready()) return;
  dialogue_.feed(core_, bytes, now);
  dialogue_.settle(core_, now);
}

void Modem::receive(const base::Packet& packet, base::Instant now) {
  run_until(now);
  core_.receive(packet, now);
  dialogue_.settle(core_, now);
}

void Modem::end_session(base::Instant now) {
  run_until(now);
  if (!core_.data.active) return;
  core_.deactivate("network", now);
  core_.port.queue_urc("+UUPSDD: 0");
  dialogue_.settle(core_, now);
}

void Modem::advance(base::Instant now) { run_until(now); }

// Each timer runs at its own instant, so that being called late changes nothing but the stamps.
void Modem::run_until(base::Instant now) {
  core_.port.reached(now);
  for (auto due = wake_time(); due && *due <= now; due = wake_time()) run_due(*due);
}

void Modem::run_due(base::Instant now) {
  follow(core_.power.advance(now), now);
  if (!core_.power.ready()) return;
  if (core_.registration.search_over(now)) core_.search_done(now);
  core_.sockets.advance(now);
  core_.names.advance(now);
  core_.send_streams();
  dialogue_.advance(core_, now);
  dialogue_.settle(core_, now);
}

std::optional<base::Instant> Modem::wake_time() const {
  std::optional<base::Instant> next;
  for (const auto due : {core_.power.due(), core_.registration.due(), core_.sockets.wake_time(),
                         core_.names.wake_time(), dialogue_.wake_time()}) {
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

std::vector<Output> Modem::take_outputs() { return core_.port.take_outputs(); }

bool Modem::clear_to_send() const { return core_.power.ready() && dialogue_.has_room(); }

}  // namespace rig::modem
