// What a cycle cost: processor time of the calling thread. For reports only; no result depends on
// it.
#pragma once

#include <ctime>

#include "base/time.h"

namespace rig::explore {

class CpuClock {
 public:
  CpuClock() : begun_(now()) {}
  [[nodiscard]] base::Duration elapsed() const { return now() - begun_; }

 private:
  [[nodiscard]] static base::Duration now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  base::Duration begun_;
};

}  // namespace rig::explore
