// The rig (not the device) failed: a port vanished, a disk is full, a library refused.
// Thrown; ends the cycle, which is booked `rig-fault`. Carries what was attempted, on what, and
// what the user can do. A device that misbehaves is never reported this way: that is data.
#pragma once

#include <string>
#include <system_error>

namespace rig::base {

class RigError : public std::system_error {
 public:
  // `attempt`: what was tried, on what ("open database /x/y.db"); `advice` may be empty.
  RigError(std::error_code code, const std::string& attempt, const std::string& advice = {});
};

// The user asked for something that cannot be: exit 2, nothing started. `what` is complete:
// file:line:column where there is a file, what is wrong, what would be right.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws RigError from errno when `result` is negative; returns it otherwise.
int check_errno(int result, const std::string& attempt);

}  // namespace rig::base
