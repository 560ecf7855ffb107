#include "io/local_listener.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/rig_error.h"
#include "io/local_address.h"
#include "io/watch.h"

namespace rig::io {
namespace {

constexpr int kWaiting = 4;  // connections that are not yet accepted

int checked(int result, const std::string& attempt) {
  if (result < 0) throw base::RigError({errno, std::generic_category()}, attempt);
  return result;
}

UniqueFd listening_at(const std::string& path) {
  const sockaddr_un address = local_address(path);
  UniqueFd socket(checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                          "make a socket for " + path));
  ::unlink(path.c_str());
  checked(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
          "bind a socket to " + path);
  checked(::listen(socket.get(), kWaiting), "listen at " + path);
  return socket;
}

}  // namespace

struct LocalListener::Parts {
  Parts(Loop& loop, std::string where, Accepted receiver)
      : path(std::move(where)),
        accepted(std::move(receiver)),
        socket(listening_at(path)),
        watch(loop, socket.get()) {}

  void accept() const {
    UniqueFd peer(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (peer) accepted(std::move(peer));  // else: it changed its mind
  }

  std::string path;
  Accepted accepted;
  UniqueFd socket;
  Watch watch;
};

LocalListener::LocalListener(Loop& loop, std::string path, Accepted accepted)
    : parts_(std::make_unique<Parts>(loop, std::move(path), std::move(accepted))) {
  parts_->watch.on_readable([parts = parts_.get()] { parts->accept(); });
}

LocalListener::~LocalListener() { ::unlink(parts_->path.c_str()); }

}  // namespace rig::io
