#include "io/timer.h"

#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "io/loop_core.h"

namespace rig::io {

struct Timer::Parts {
  explicit Parts(LoopCore& loop) : core(loop), timer(loop.context), lease(loop) {}

  void expire() {
    lease.end();
    const Callback called = std::move(callback);  // may destroy us
    called(now());
  }

  LoopCore& core;
  boost::asio::steady_timer timer;
  Lease lease;
  Callback callback;
};

Timer::Timer(Loop& loop) : parts_(std::make_unique<Parts>(loop.core())) {}
Timer::~Timer() = default;

void Timer::at(Time deadline, Callback callback) {
  Parts* parts = parts_.get();
  parts->callback = std::move(callback);
  parts->timer.expires_at(deadline);
  parts->timer.async_wait([parts, core = &parts->core, number = parts->lease.renew()](auto) {
    if (core->is_live(number)) parts->expire();
  });
}

void Timer::cancel() {
  parts_->lease.end();
  parts_->timer.cancel();
}

bool Timer::is_set() const { return parts_->lease.held(); }

}  // namespace rig::io
