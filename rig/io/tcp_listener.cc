#include "io/tcp_listener.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/rig_error.h"
#include "io/inet.h"
#include "io/timer.h"
#include "io/watch.h"

namespace rig::io {
namespace {

constexpr int kBacklog = 512;        // connections that are not yet accepted
constexpr int kAcceptedAtOnce = 64;  // then the others get their turn
constexpr Duration kWithoutDescriptors = std::chrono::milliseconds(100);

std::string advice_for(int error) {
  if (error == EADDRINUSE) return "another program has this port; name another, or 0 for any";
  if (error == EACCES) return "a port below 1024 takes root or CAP_NET_BIND_SERVICE";
  if (error == EADDRNOTAVAIL) return "no interface of this machine has this address";
  return {};
}

UniqueFd listening_at(const base::Endpoint& local) {
  const std::string attempt = "listen on " + to_text(local);
  UniqueFd socket(
      base::check_errno(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), attempt));
  const int on = 1;  // connections of an earlier run that linger are not in the way
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = address_of(local);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    const int error = errno;
    throw base::RigError({error, std::generic_category()}, attempt, advice_for(error));
  }
  return socket;
}

}  // namespace

struct TcpListener::Parts {
  Parts(Loop& loop, const base::Endpoint& local, Accepted receiver)
      : accepted(std::move(receiver)),
        socket(listening_at(local)),
        pause(loop),
        watch(loop, socket.get()) {}

  void listen() {
    watch.on_readable([this] { accept_all(); });
  }

  void accept_all() {
    for (int i = 0; i < kAcceptedAtOnce; ++i) {
      sockaddr_in from{};
      socklen_t length = sizeof from;
      UniqueFd peer(::accept4(socket.get(), reinterpret_cast<sockaddr*>(&from), &length,
                              SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!peer) return refused(errno);
      const int on = 1;
      ::setsockopt(peer.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      accepted(std::move(peer), endpoint_of(from));
    }
  }

  // Out of descriptors: the connection stays in the kernel's queue, which would call us again and
  // again without end.
  void refused(int error) {
    if (error != EMFILE && error != ENFILE && error != ENOBUFS && error != ENOMEM) return;
    watch.stop_reading();
    pause.after(kWithoutDescriptors, [this](Time) { listen(); });
  }

  Accepted accepted;
  UniqueFd socket;
  Timer pause;
  Watch watch;
};

TcpListener::TcpListener(Loop& loop, const base::Endpoint& local, Accepted accepted)
    : parts_(std::make_unique<Parts>(loop, local, std::move(accepted))) {
  parts_->listen();
}
TcpListener::~TcpListener() = default;

base::Endpoint TcpListener::local() const { return local_endpoint(parts_->socket.get()); }

}  // namespace rig::io
