#include "base/thread_priority.h"

#include <sched.h>

namespace rig::base {

bool prefer_this_thread() {
  sched_param lowest{};
  lowest.sched_priority = ::sched_get_priority_min(SCHED_RR);
  return ::sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest) == 0;
}

PreferredThread::~PreferredThread() {
  if (!granted_) return;
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_OTHER, &none);
}

}  // namespace rig::base
