#include "io/unique_fd.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/rig_error.h"

namespace rig::io {

Pipe make_pipe() {
  std::array<int, 2> ends{};
  base::check_errno(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), "make a pipe");
  return {.read = UniqueFd(ends[0]), .write = UniqueFd(ends[1])};
}

SocketPair make_socket_pair() {
  std::array<int, 2> ends{};
  base::check_errno(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()),
                    "make a pair of sockets");
  return {.ours = UniqueFd(ends[0]), .theirs = UniqueFd(ends[1])};
}

void set_non_blocking(int descriptor, const std::string& what) {
  const int flags = base::check_errno(::fcntl(descriptor, F_GETFL), "read the flags of " + what);
  base::check_errno(::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK), "set the flags of " + what);
}

}  // namespace rig::io
