// How a power switch fails. Always the rig's failure: a cycle in which one of these is thrown is
// booked rig-fault with the first cause, never as a verdict on a board.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/rig_error.h"

namespace rig::power {

enum class Fault : std::uint8_t {
  absent,         // no such switch is plugged in
  vanished,       // it was there; unplugged, re-enumerated, hung up
  no_answer,      // the deadline passed; whether the contact moved is unknown
  refused,        // the switch said no: STALL, error reply, exit status
  transfer,       // the bus reported an error; often transient, near switched loads
  garbled,        // it answered something that its protocol does not know
  stuck,          // it acknowledged, but reads back the old level
  swapped,        // it acknowledged, but another channel changed
  no_permission,  // the operating system refuses; udev rule or group missing
  busy,           // another process holds it
  failed,         // anything else that the operating system says: no memory, no descriptors
  wrong_device,   // something else answers at this address
};

[[nodiscard]] std::string_view name_of(Fault fault);

// After these nobody knows the contact's position: bring it to its safe level before trusting it.
[[nodiscard]] bool may_have_switched(Fault fault);

class SwitchError : public base::RigError {
 public:
  // `attempt`: what was tried on which switch ("switch channel 1 off of DCT relay at USB 1-1.4").
  // The advice that belongs to the fault is added; `detail`, where given, stands before it.
  SwitchError(Fault fault, const std::string& attempt, const std::string& detail = {});

  [[nodiscard]] Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

// The fault behind an errno of open(2), read(2), write(2).
[[nodiscard]] Fault fault_of_errno(int error);

// Throws SwitchError from errno when `result` is negative; returns it otherwise.
int check_switch(int result, const std::string& attempt);

}  // namespace rig::power
