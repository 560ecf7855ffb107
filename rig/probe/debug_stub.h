// A client of a debugger stub (QEMU's -gdb, OpenOCD's gdb_port): stops the target, reads and writes
// its memory, and stops it at the n-th hit of a breakpoint or watchpoint. Belongs to the thread of
// its loop. For Cortex-M: one core, one thread, 32-bit addresses, the PC is the 16th of the
// registers. Source of the protocol: probe/remote_protocol.h.
//
// Everything is asked through callbacks, in the order of the calls, and every wait has a limit.
// What needs a halted target halts a running one and lets it run on afterwards.
//
// There is one way to fail: `failed` is called once, with what was attempted and why it did not
// work, and nothing else is called from then on; calls throw that same error. What a stub refuses
// (an address that it cannot read) is such a failure too.
//
// Any callback may destroy the stub. That closes the connection without a word, and the target
// stays as it is.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "probe/stub_link.h"

namespace rig::probe {

class DebugStub {
 public:
  using Done = std::function<void()>;  // may be empty
  // The target stands still, and why.
  struct Stop {
    Address pc{};
    StopReply reply{};
  };
  struct Hit {
    Address pc{};
    std::uint64_t hits{};
    io::Time at{};  // when the stub's word of it was read
  };
  struct Handlers {
    std::function<void(const base::RigError&)> failed{};
    // The target stopped, and not at what is armed: an inserted trigger, a fault, a BKPT. It stays
    // halted. Empty: that is a failure.
    std::function<void(const Stop&)> stopped{};
  };

  // Connects. `attached`: the target is halted, and the stub asked for its abilities.
  DebugStub(io::Loop& loop, StubPlace place, Handlers handlers, Done attached);
  DebugStub(const DebugStub&) = delete;
  DebugStub& operator=(const DebugStub&) = delete;

  void halt(Done done);
  // `done`: the target was told to run.
  void resume(Done done);

  void read_memory(Address from, std::size_t length, std::function<void(base::Bytes)> done);
  void write_memory(Address to, base::Bytes bytes, Done done);
  void read_pc(std::function<void(Address)> done);

  // Stays until remove(). A target that stops at it is told of by `stopped`.
  void insert(Trigger trigger, Done done);
  void remove(Trigger trigger, Done done);

  // Counts hits of `trigger` while the target runs (it must not be inserted already) and lets it
  // run on over the first n - 1. At the n-th, the target stays halted and `on_hit` is called: at a
  // breakpoint before its instruction runs; at a watchpoint before the access (QEMU) or right after
  // it (the comparators of a Cortex-M). Overlapping watchpoints cannot be told apart. The trigger
  // is taken out of the target when that is next resumed, disarmed or detached from, so that
  // nothing delays whoever acts on the hit. One at a time (RIG_ASSERT); `nth` is at least 1.
  void arm(Trigger trigger, std::uint64_t nth, std::function<void(const Hit&)> on_hit, Done armed);
  // Nothing happens when nothing is armed.
  void disarm(Done done);
  // Removes every trigger and leaves. `done`, then nothing more. QEMU lets the target run then;
  // OpenOCD does not: Probe::resume().
  void detach(Done done);

  // As far as known: between a command and its answer it may be otherwise.
  [[nodiscard]] bool running() const { return running_; }
  // Of what is armed or was last.
  [[nodiscard]] std::uint64_t hits() const { return hits_; }

 private:
  // One thing to do while the target is halted; it ends with finish().
  using Operation = std::function<void()>;
  struct Armed {
    Trigger trigger;
    std::uint64_t nth;
    std::function<void(const Hit&)> on_hit;
  };

  void negotiate();
  void ask_for_abilities();
  void adopt_state();
  void enqueue(Operation operation);
  void advance();
  void finish(const std::function<void()>& done);
  void ask_for_ok(const std::string& command, const std::string& what, Done done);
  void refuse(const std::string& answer, const std::string& unlike);
  void failed(const base::RigError& error);

  void read_chunk(Address from, std::size_t left, base::Bytes bytes,
                  std::function<void(base::Bytes)> done);
  void write_chunk(Address to, base::Bytes bytes, std::size_t from, Done done);
  void ask_pc(std::function<void(Address)> done);

  void put(const Trigger& trigger, Done done);
  void take_out(const Trigger& trigger, Done done);
  void take_out_spent(Done done);
  void take_out_all(Done done);

  void let_run();
  void run();
  void step_off(const Trigger& trigger);
  void stopped(const std::string& answer);
  void judge(const Stop& stop);
  void count(const Stop& stop);
  [[nodiscard]] bool is_armed_at(const Stop& stop) const;
  [[nodiscard]] const Trigger* breakpoint_at(Address pc) const;
  [[nodiscard]] const Trigger* watch_at(Address data) const;

  Handlers handlers_;
  Done attached_;
  StubLink link_;
  std::size_t chunk_{256};  // bytes of memory in one packet
  std::deque<Operation> operations_;
  std::vector<Trigger> inserted_;  // in the target, the armed one included
  std::optional<Armed> armed_;
  std::optional<Trigger> spent_;  // hit for the last time, still in the target
  Address pc_{};                  // when the target last stopped
  bool told_{false};              // the breakpoint there was counted, or told of
  // QEMU stops before the access that a watchpoint reports, a Cortex-M after it.
  bool stops_before_access_{false};
  std::optional<Trigger> access_ahead_;
  io::Time stopped_at_{};
  std::uint64_t hits_{0};
  std::vector<Done> when_running_;
  std::optional<base::RigError> failure_;
  bool working_{true};  // an operation, or the way there, is under way
  bool running_{false};
  bool shall_run_{false};
  bool halting_{false};  // a stop was asked for
  bool over_{false};     // detached
  Survival survival_;
};

}  // namespace rig::probe
