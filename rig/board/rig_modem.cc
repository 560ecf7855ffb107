#include "board/rig_modem.h"

#include <algorithm>
#include <utility>

namespace rig::board {
namespace {

// A host that does not take what was sent to it loses the rest, as on any UART.
constexpr std::size_t kMostUnread = io::ByteStream::kWriteQueue / 2;

}  // namespace

RigModem::RigModem(io::Loop& loop, simulator::Surroundings around, io::Time begun)
    : loop_(loop), around_(std::move(around)), begun_(begun), timer_(loop) {}

base::Instant RigModem::now() {
  latest_ = std::max(latest_, io::instant_of(io::now(), begun_));
  return latest_;
}

void RigModem::attach(int uart) {
  from_host_.clear();
  uart_.emplace(loop_, io::ByteStream::Descriptors{.in = uart, .out = uart},
                io::ByteStream::Handlers{.received =
                                             [this](base::ByteView bytes, io::Time) {
                                               from_host_.insert(from_host_.end(), bytes.begin(),
                                                                 bytes.end());
                                               pump();
                                             },
                                         .ended =
                                             [this](std::error_code error, io::Time) {
                                               uart_.reset();
                                               if (handlers_.hung_up) handlers_.hung_up(error);
                                             }});
}

void RigModem::detach() {
  uart_.reset();
  from_host_.clear();
}

void RigModem::hold(bool held) {
  held_ = held;
  if (!held) soon();
}

void RigModem::set_supply(bool on) {
  around_.set_supply(on, now());
  if (!on) to_host_.clear();
  soon();
}

void RigModem::set_target(ota::Target target) {
  around_.set_target(target, now());
  soon();
}

void RigModem::set_phase(const std::string& phase) {
  phase_ = phase;
  soon();
}

void RigModem::count_from_here() { around_.count_from_here(); }

void RigModem::arm_bytes(base::Direction direction, std::uint64_t bytes) {
  armed_ = Armed{direction, bytes};
  soon();
}

// Never from within a call: whoever calls may be in the middle of acting on an event.
void RigModem::soon() {
  timer_.at(io::now(), [this](io::Time) { pump(); });
}

// Its packets have no departures of their own on this machine: the model's instants are theirs.
shaping::Stats RigModem::link_stats() const {
  return {.engine = "modem",
          .profile = around_.link().profile().name,
          .running = latest_ - base::kCycleStart,
          .meter = around_.link().meter()};
}

// A modem that is off or boots hears nothing; one whose buffer is full takes the rest later.
void RigModem::pump() {
  if (held_) return;
  const base::Instant present = now();
  run_to(present);
  if (const auto phase = std::exchange(phase_, {})) around_.set_phase(*phase, present);
  if (!around_.modem_ready()) from_host_.clear();
  if (!from_host_.empty() && around_.clear_to_send()) {
    around_.host_bytes(std::exchange(from_host_, {}), present);
    run_to(present);
  }
  transmit(present);
  plan_next();
}

void RigModem::run_to(base::Instant present) {
  while (true) {
    const auto due = around_.wake_time();
    around_.advance(std::min(due.value_or(present), present));
    around_.settle(std::min(due.value_or(present), present));
    hand_out();
    const auto next = around_.wake_time();
    if (!next || *next > present) return;
  }
}

void RigModem::hand_out() {
  for (auto& sent : around_.take_uart()) to_host_.push_back(std::move(sent));
  for (const auto& event : around_.take_events()) {
    if (handlers_.recorded) handlers_.recorded(event);
  }
  if (armed_ && around_.delivered_bytes(armed_->direction) >= armed_->bytes) {
    armed_.reset();
    if (handlers_.reached) handlers_.reached();
  }
}

void RigModem::transmit(base::Instant present) {
  while (!to_host_.empty() && to_host_.front().at <= present) {
    if (uart_ && uart_->queued() < kMostUnread) uart_->write(to_host_.front().bytes);
    to_host_.pop_front();
  }
}

void RigModem::plan_next() {
  std::optional<base::Instant> next = around_.wake_time();
  if (!to_host_.empty()) next = std::min(next.value_or(to_host_.front().at), to_host_.front().at);
  if (!next) return timer_.cancel();
  timer_.at(begun_ + (*next - base::kCycleStart), [this](io::Time) { pump(); });
}

}  // namespace rig::board
