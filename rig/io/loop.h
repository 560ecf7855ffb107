// The event loop of the real-time shell: one thread waits here for descriptors, timers, signals,
// children and for what other threads post. Everything in rig::io that takes a Loop& belongs to
// the thread that runs it and must be destroyed before the loop; only post() and stop() may be
// called from other threads.
//
// Callbacks and not coroutines: what decides is pure and fed with events, so that a callback which
// hands one over is all there is to write; and no header of a user has to know Asio.
//
// What a callback throws leaves run().
#pragma once

#include <functional>
#include <memory>

#include "io/time.h"

namespace rig::io {

class LoopCore;

class Loop {
 public:
  // Ignores SIGPIPE for the whole process from here on: a peer that goes away is an error of the
  // write, not the end of the rig. Children get the default back.
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Until stop(), also when there is nothing to wait for.
  void run();
  void run_for(Duration length);
  // Until `done` holds (asked after every callback), or stop(), or the limit; whether it holds.
  [[nodiscard]] bool run_until(const std::function<bool()>& done, Duration limit);

  // From any thread, also from a callback. The run that is under way returns after the callback
  // it is in; without one, the next run returns at once.
  void stop();
  // From any thread. Runs in the loop's thread, in the order of posting, never within post().
  // What it refers to must live until then.
  void post(std::function<void()> task);

  [[nodiscard]] LoopCore& core() { return *core_; }  // for rig::io itself

 private:
  std::unique_ptr<LoopCore> core_;
};

}  // namespace rig::io
