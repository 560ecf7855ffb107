#include "io/byte_stream.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/rig_error.h"
#include "io/loop_core.h"
#include "io/unique_fd.h"
#include "io/watch.h"

namespace rig::io {
namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

std::error_code error_code_of(int error) { return {error, std::generic_category()}; }

}  // namespace

struct ByteStream::Parts {
  Parts(Loop& owner, Descriptors both, Handlers receivers)
      : loop(owner),
        descriptors(both),
        handlers(std::move(receivers)),
        alive(owner.core()),
        buffer(kReadAtOnce) {
    number = alive.renew();
    if (descriptors.in >= 0) {
      set_non_blocking(descriptors.in, "a stream");
      in_watch.emplace(loop, descriptors.in);
      in_watch->on_readable([this] { (void)read_once(); });
    }
    if (descriptors.out >= 0 && descriptors.out != descriptors.in) {
      set_non_blocking(descriptors.out, "a stream");
      out_watch.emplace(loop, descriptors.out);
    }
  }

  // Bytes read; 0 when there are none, or the stream has ended (or was destroyed).
  std::size_t read_once() {
    const ssize_t count = ::read(descriptors.in, buffer.data(), buffer.size());
    const int error = errno;
    if (count < 0 && would_block(error)) return 0;
    if (count <= 0) {
      end(count == 0 ? std::error_code{} : error_code_of(error));
      return 0;
    }
    const auto called = handlers.received;
    if (called) called({buffer.data(), static_cast<std::size_t>(count)}, now());
    return static_cast<std::size_t>(count);
  }

  void drain(std::size_t limit) {
    LoopCore& core = loop.core();
    const std::uint64_t mine = number;
    for (std::size_t total = 0; total < limit && core.is_live(mine) && !ended;) {
      const std::size_t count = read_once();
      if (count == 0) return;
      total += count;
    }
  }

  // May destroy us.
  void end(std::error_code error) {
    if (std::exchange(ended, true)) return;
    in_watch.reset();
    out_watch.reset();
    const auto called = handlers.ended;
    if (called) called(error, now());
  }

  Watch& writer() { return out_watch ? *out_watch : *in_watch; }

  // Bytes the descriptor took.
  std::size_t write_some(base::ByteView bytes) const {
    const ssize_t count = ::write(descriptors.out, bytes.data(), bytes.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (would_block(errno)) return 0;
    throw base::RigError(error_code_of(errno), "write to a stream");
  }

  void write(base::ByteView bytes) {
    if (ended || descriptors.out < 0) {
      throw base::RigError(std::make_error_code(std::errc::broken_pipe), "write to a stream");
    }
    if (queue.size() - written + bytes.size() > kWriteQueue) {
      throw base::RigError(std::make_error_code(std::errc::no_buffer_space), "write to a stream",
                           "whoever should read it does not");
    }
    const bool idle = queue.empty();
    if (idle) bytes = bytes.subspan(write_some(bytes));
    base::append(queue, bytes);
    if (idle && !queue.empty()) wait_writable();
  }

  void wait_writable() {
    writer().when_writable([this] { write_queued(); });
  }

  void write_queued() {
    try {
      written += write_some(base::ByteView(queue).subspan(written));
    } catch (const base::RigError& error) {
      return end(error.code());
    }
    if (written < queue.size()) return wait_writable();
    queue.clear();
    written = 0;
    const auto called = std::exchange(emptied, {});
    if (called) called();
  }

  Loop& loop;
  Descriptors descriptors;
  Handlers handlers;
  Lease alive;
  std::uint64_t number{0};
  base::Bytes buffer;
  std::optional<Watch> in_watch;
  std::optional<Watch> out_watch;
  base::Bytes queue;
  std::size_t written{0};  // of the queue
  bool ended{false};
  std::function<void()> emptied;
};

ByteStream::ByteStream(Loop& loop, Descriptors descriptors, Handlers handlers)
    : parts_(std::make_unique<Parts>(loop, descriptors, std::move(handlers))) {}
ByteStream::~ByteStream() = default;

void ByteStream::write(base::ByteView bytes) { parts_->write(bytes); }

std::size_t ByteStream::queued() const { return parts_->queue.size() - parts_->written; }

void ByteStream::when_written(std::function<void()> callback) {
  if (queued() == 0) return callback();
  parts_->emptied = std::move(callback);
}

void ByteStream::drain(std::size_t limit) {
  if (parts_->descriptors.in >= 0) parts_->drain(limit);
}

}  // namespace rig::io
