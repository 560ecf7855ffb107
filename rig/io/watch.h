// Readiness of one descriptor that somebody else owns, a hang-up included: the callback is called
// as long as there is something to read (or an end or an error to find by reading). The descriptor
// must be non-blocking, must be one that can be waited for (no plain file), must stay open until
// the watch is destroyed, and must have one watch at a time. A callback may destroy its own watch.
#pragma once

#include <functional>
#include <memory>

#include "io/loop.h"

namespace rig::io {

class Watch {
 public:
  using Callback = std::function<void()>;

  // Throws base::RigError when the kernel will not wait for this kind of descriptor.
  Watch(Loop& loop, int descriptor);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Each time there is something to read, until stop_reading().
  void on_readable(Callback callback);
  void stop_reading();
  // Once, when a write may make progress.
  void when_writable(Callback callback);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
