#include "io/watch.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <utility>

#include "base/rig_error.h"
#include "io/loop_core.h"

namespace rig::io {

// With the loop's own executor in place of one for any: half the cost of a wait.
using Descriptor =
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

struct Watch::Parts {
  explicit Parts(LoopCore& loop)
      : core(loop), descriptor(loop.context), reading(loop), writing(loop) {}
  ~Parts() {
    if (descriptor.is_open()) descriptor.release();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void wait_readable(std::uint64_t number) {
    descriptor.async_wait(Descriptor::wait_read, [this, loop = &core, number](auto) {
      if (loop->is_live(number)) readable(number);
    });
  }

  // The callback may set another one, destroy us, or throw.
  void readable(std::uint64_t number) {
    LoopCore& loop = core;
    Callback called = std::move(on_readable);
    try {
      called();
    } catch (...) {
      if (loop.is_live(number)) go_on(number, std::move(called));
      throw;
    }
    if (loop.is_live(number)) go_on(number, std::move(called));
  }

  void go_on(std::uint64_t number, Callback callback) {
    on_readable = std::move(callback);
    wait_readable(number);
  }

  void writable() {
    writing.end();
    const Callback called = std::move(when_writable);
    called();
  }

  LoopCore& core;
  Descriptor descriptor;
  Lease reading;
  Lease writing;
  Callback on_readable;
  Callback when_writable;
};

Watch::Watch(Loop& loop, int descriptor) : parts_(std::make_unique<Parts>(loop.core())) {
  boost::system::error_code error;
  parts_->descriptor.assign(descriptor, error);
  if (error) throw base::RigError(error, "wait for descriptor " + std::to_string(descriptor));
}

Watch::~Watch() = default;

void Watch::on_readable(Callback callback) {
  parts_->on_readable = std::move(callback);
  parts_->wait_readable(parts_->reading.renew());
}

void Watch::stop_reading() { parts_->reading.end(); }

void Watch::when_writable(Callback callback) {
  Parts* parts = parts_.get();
  parts->when_writable = std::move(callback);
  parts->descriptor.async_wait(Descriptor::wait_write,
                               [parts, core = &parts->core, number = parts->writing.renew()](auto) {
                                 if (core->is_live(number)) parts->writable();
                               });
}

}  // namespace rig::io
