// One deadline. Setting it again replaces the one before; destroying the timer, too, keeps the
// callback from being called. The callback may set, cancel or destroy its own timer.
#pragma once

#include <functional>
#include <memory>

#include "io/loop.h"

namespace rig::io {

class Timer {
 public:
  // Receives the time at which it was called, which is never before the deadline.
  using Callback = std::function<void(Time)>;

  explicit Timer(Loop& loop);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // A deadline in the past expires at once, but never within this call.
  void at(Time deadline, Callback callback);
  void after(Duration delay, Callback callback) { at(now() + delay, std::move(callback)); }
  void cancel();
  [[nodiscard]] bool is_set() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
