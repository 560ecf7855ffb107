// A Unix domain socket in the file system that local programs connect to: an emulator's serial line
// finds the rig there, before its machine has sent the first byte.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "io/loop.h"
#include "io/unique_fd.h"

namespace rig::io {

class LocalListener {
 public:
  using Accepted = std::function<void(UniqueFd)>;  // must not destroy the listener

  // Replaces a socket that an earlier run left at `path`, which is at most 107 bytes long. Throws
  // base::RigError.
  LocalListener(Loop& loop, std::string path, Accepted accepted);
  // Removes the socket.
  ~LocalListener();
  LocalListener(const LocalListener&) = delete;
  LocalListener& operator=(const LocalListener&) = delete;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rig::io
