// The rig in place of a board's modem, in real time: the modem, link and update server of
// simulator/surroundings.h behind the host's UART. What passes over the link is delivered packet by
// packet in the order and at the instants that the model computes, however late the loop is called,
// so that a trigger on wire bytes falls behind the same packet as on the simulated board.
//
// Not modelled: the UART's speed towards the rig (an adapter or an emulator has its own), hardware
// flow control towards the host.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "io/byte_stream.h"
#include "io/loop.h"
#include "io/timer.h"
#include "record/event.h"
#include "shaping/link.h"
#include "simulator/surroundings.h"

namespace rig::board {

class RigModem {
 public:
  // Called from the loop; must not destroy the modem.
  struct Handlers {
    std::function<void(const record::Event&)> recorded{};  // lanes modem, server and link
    std::function<void()> reached{};                       // arm_bytes(); once
    // The host's end is gone. No error: it was closed.
    std::function<void(std::error_code)> hung_up{};
  };

  // Without power and without a host. `begun`: the instant zero of its events.
  RigModem(io::Loop& loop, simulator::Surroundings around, io::Time begun);

  void listen(Handlers handlers) { handlers_ = std::move(handlers); }
  // The host's UART, in place of what was attached before. The descriptor must outlive it.
  void attach(int uart);
  void detach();

  // Held, it does nothing at all: whatever is due comes late. For as long as a debugger is
  // attached, so that the board misses nothing of what it is told.
  void hold(bool held);
  void set_supply(bool on);
  void set_target(ota::Target target);
  // Of the update, for impairments of the link.
  void set_phase(const std::string& phase);
  // Wire bytes of the trigger, and of impairments, count from here.
  void count_from_here();
  void arm_bytes(base::Direction direction, std::uint64_t bytes);
  void disarm() { armed_.reset(); }

  // Of its link. Packets: before the first one.
  void keep_packets() { around_.keep_packets(); }
  [[nodiscard]] shaping::Stats link_stats() const;
  [[nodiscard]] const std::optional<link::PacketLog>& packets() const {
    return around_.link().log();
  }

 private:
  struct Armed {
    base::Direction direction{};
    std::uint64_t bytes{};
  };

  void pump();
  void run_to(base::Instant present);
  void hand_out();
  void transmit(base::Instant present);
  void plan_next();
  void soon();
  [[nodiscard]] base::Instant now();

  io::Loop& loop_;
  simulator::Surroundings around_;
  io::Time begun_;
  base::Instant latest_{};
  Handlers handlers_;
  io::Timer timer_;
  std::optional<io::ByteStream> uart_;
  base::Bytes from_host_;  // not yet taken: the modem is not clear to send
  std::deque<modem::UartBytes> to_host_;
  std::optional<Armed> armed_;
  std::optional<std::string> phase_;  // not yet told
  bool held_{false};
};

}  // namespace rig::board
