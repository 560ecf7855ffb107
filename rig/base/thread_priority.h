// Scheduling of a thread that has to answer at once. A trigger has to reach the relay within a
// millisecond while builds and other rigs keep the same cores busy; the kernel gives an ordinary
// thread its turn later. For threads that mostly wait: one that computes would keep its core.
#pragma once

namespace rig::base {

// Asks for real-time scheduling (the lowest real-time priority, SCHED_RR) for the calling thread,
// not for the children it starts. Whether it is granted: it takes root, CAP_SYS_NICE, or
// LimitRTPRIO=1 in the service's unit.
bool prefer_this_thread();

// The same for as long as it lives, in the thread that made it. A thread that goes on to compute,
// or to wait for ordinary ones at its end, must not keep its turn before everybody else's.
class PreferredThread {
 public:
  PreferredThread() : granted_(prefer_this_thread()) {}
  ~PreferredThread();
  PreferredThread(const PreferredThread&) = delete;
  PreferredThread& operator=(const PreferredThread&) = delete;

  [[nodiscard]] bool granted() const { return granted_; }

 private:
  bool granted_;
};

}  // namespace rig::base
