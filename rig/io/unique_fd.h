// Descriptors as the loop and its children need them.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace rig::io {

using base::UniqueFd;

// Both ends close-on-exec and non-blocking. Throw base::RigError.
struct Pipe {
  UniqueFd read;
  UniqueFd write;
};
[[nodiscard]] Pipe make_pipe();

// Two ends of one stream, for a child that is handed its console or debugger as a descriptor: both
// close-on-exec and, as a child expects it, blocking.
struct SocketPair {
  UniqueFd ours;
  UniqueFd theirs;
};
[[nodiscard]] SocketPair make_socket_pair();

// Throws base::RigError; `what` names the descriptor in it.
void set_non_blocking(int descriptor, const std::string& what);

}  // namespace rig::io
