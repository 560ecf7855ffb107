// Bytes from and to descriptors that somebody else owns: a serial port, a pipe, a socket, a
// pseudo-terminal. Reads as soon as there is something, each piece stamped when it was read; an end
// of the stream and a hang-up are told apart from silence, at once. Writes never block: what the
// descriptor does not take is queued.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>

#include "base/bytes.h"
#include "io/loop.h"

namespace rig::io {

class ByteStream {
 public:
  static constexpr std::size_t kReadAtOnce = 64U << 10;
  static constexpr std::size_t kWriteQueue = 256U << 10;

  // -1: this direction does not exist. Both may be the same descriptor.
  struct Descriptors {
    int in{-1};
    int out{-1};
  };
  struct Handlers {
    // The bytes live until the call returns; at most kReadAtOnce.
    std::function<void(base::ByteView, Time)> received{};
    // No error: the peer closed (or a terminal hung up). Called once, then nothing more comes.
    // Either handler may destroy the stream.
    std::function<void(std::error_code, Time)> ended{};
  };

  // Makes the descriptors non-blocking. They must outlive the stream. Throws base::RigError.
  ByteStream(Loop& loop, Descriptors descriptors, Handlers handlers);
  ~ByteStream();
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  // In order, after what is queued. Throws base::RigError when the descriptor refuses, when there
  // is none to write to, and when more than kWriteQueue bytes would wait (nothing is taken then).
  // What fails later, from the queue, is reported by `ended`.
  void write(base::ByteView bytes);
  [[nodiscard]] std::size_t queued() const;
  // Called once, when the queue is empty (at once if it is).
  void when_written(std::function<void()> callback);
  // Reads what is there already, up to `limit` bytes, and hands it over; to be called before the
  // descriptor is closed, when whoever wrote is known to be gone.
  void drain(std::size_t limit);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
