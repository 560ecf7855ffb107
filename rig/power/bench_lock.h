// One otarig per board: an exclusive lock on a file, which says who holds it. The kernel lets go of
// the lock with its holder, however that ends; what the file says then is nobody's.
//
// The file's one line: "PID SECONDS COMMAND", the seconds since 1970 at which it was taken.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace rig::power {

class BenchLock {
 public:
  // Creates the file when missing. base::UsageError when another process has it, naming that;
  // base::RigError when the disk refuses. `what` is what is locked, for both.
  BenchLock(const std::string& path, const std::string& what);
  ~BenchLock();
  BenchLock(BenchLock&&) = default;
  BenchLock& operator=(BenchLock&&) = delete;

 private:
  base::UniqueFd file_;
};

// "process 4711 ('otarig run serial/no-cut'), since 2026-11-21 18:30:12" in local time. Empty: the
// line is not one of ours.
[[nodiscard]] std::optional<std::string> holder_in(std::string_view line);

}  // namespace rig::power
