// Signals of the operating system as events of the loop: Ctrl-C, a service that is asked to stop.
// While the object lives, these signals no longer end the process.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "io/loop.h"

namespace rig::io {

class Signals {
 public:
  using Callback = std::function<void(int number)>;

  // Throws base::RigError for a number that cannot be caught.
  Signals(Loop& loop, std::initializer_list<int> numbers, Callback callback);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
