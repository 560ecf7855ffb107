#include "io/watch.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <utility>

#include "base/rig_error.h"
#include "io/loop_core.h"

namespace rig::io {

using boost::asio::posix::stream_descriptor;

struct Watch::Parts {
  explicit Parts(LoopCore& loop)
      : core(loop), descriptor(loop.context), reading(loop), writing(loop) {}
  ~Parts() {
    if (descriptor.is_open()) descriptor.release();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void wait_readable() {
    descriptor.async_wait(stream_descriptor::wait_read,
                          [this, loop = &core, number = reading.renew()](auto) {
                            if (loop->is_live(number)) readable(number);
                          });
  }

  // Runs a copy of the callback's owner-to-be: it may replace the callback, or destroy us.
  void readable(std::uint64_t number) {
    LoopCore& loop = core;
    Callback called = std::move(on_readable);
    called();
    if (!loop.is_live(number)) return;
    on_readable = std::move(called);
    wait_readable();
  }

  void writable() {
    writing.end();
    const Callback called = std::move(when_writable);
    called();
  }

  LoopCore& core;
  stream_descriptor descriptor;
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
  parts_->wait_readable();
}

void Watch::stop_reading() { parts_->reading.end(); }

void Watch::when_writable(Callback callback) {
  Parts* parts = parts_.get();
  parts->when_writable = std::move(callback);
  parts->descriptor.async_wait(stream_descriptor::wait_write,
                               [parts, core = &parts->core, number = parts->writing.renew()](auto) {
                                 if (core->is_live(number)) parts->writable();
                               });
}

}  // namespace rig::io
