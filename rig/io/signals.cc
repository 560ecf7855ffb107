#include "io/signals.h"

#include <boost/asio/signal_set.hpp>
#include <utility>

#include "base/rig_error.h"
#include "io/loop_core.h"

namespace rig::io {

struct Signals::Parts {
  Parts(LoopCore& loop, Callback receiver)
      : core(loop), set(loop.context), lease(loop), callback(std::move(receiver)) {}

  void wait() {
    set.async_wait([this, loop = &core, number = lease.renew()](auto, int signal) {
      if (loop->is_live(number)) received(number, signal);
    });
  }

  // The callback may destroy us.
  void received(std::uint64_t number, int signal) {
    LoopCore& loop = core;
    Callback called = std::move(callback);
    called(signal);
    if (!loop.is_live(number)) return;
    callback = std::move(called);
    wait();
  }

  LoopCore& core;
  boost::asio::signal_set set;
  Lease lease;
  Callback callback;
};

Signals::Signals(Loop& loop, std::initializer_list<int> numbers, Callback callback)
    : parts_(std::make_unique<Parts>(loop.core(), std::move(callback))) {
  for (const int number : numbers) {
    boost::system::error_code error;
    parts_->set.add(number, error);
    if (error) throw base::RigError(error, "catch signal " + std::to_string(number));
  }
  parts_->wait();
}

Signals::~Signals() = default;

}  // namespace rig::io
