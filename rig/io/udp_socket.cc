#include "io/udp_socket.h"

#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "base/rig_error.h"
#include "io/inet.h"
#include "io/loop_core.h"
#include "io/unique_fd.h"
#include "io/watch.h"

namespace rig::io {
namespace {

constexpr std::size_t kLargest = 64U << 10;
constexpr int kDatagramsAtOnce = 32;  // then the others get their turn

// The socket functions take every family's address through one type.
sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

}  // namespace

struct UdpSocket::Parts {
  Parts(Loop& loop, const base::Endpoint& local, Receiver to)
      : core(loop.core()), lease(core), receiver(std::move(to)), buffer(kLargest) {
    descriptor = UniqueFd(base::check_errno(
        ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "open a UDP socket"));
    sockaddr_in address = address_of(local);
    base::check_errno(::bind(descriptor.get(), generic(address), sizeof address),
                      "bind a UDP socket to " + to_text(local));
    watch.emplace(loop, descriptor.get());
    watch->on_readable([this] { receive_all(); });
  }

  void receive_all() {
    LoopCore& loop_core = core;
    const std::uint64_t number = lease.renew();
    for (int i = 0; i < kDatagramsAtOnce; ++i) {
      sockaddr_in from{};
      socklen_t length = sizeof from;
      const ssize_t count =
          ::recvfrom(descriptor.get(), buffer.data(), buffer.size(), 0, generic(from), &length);
      if (count < 0) return;  // nothing there, or a report about an earlier datagram of ours
      const Receiver called = receiver;
      called(endpoint_of(from), {buffer.data(), static_cast<std::size_t>(count)}, now());
      if (!loop_core.is_live(number)) return;
    }
  }

  LoopCore& core;
  Lease lease;
  Receiver receiver;
  base::Bytes buffer;
  UniqueFd descriptor;
  std::optional<Watch> watch;
};

UdpSocket::UdpSocket(Loop& loop, base::Endpoint local, Receiver receiver)
    : parts_(std::make_unique<Parts>(loop, local, std::move(receiver))) {}
UdpSocket::~UdpSocket() = default;

base::Endpoint UdpSocket::local() const { return local_endpoint(parts_->descriptor.get()); }

bool UdpSocket::send(const base::Endpoint& to, base::ByteView payload) {
  sockaddr_in address = address_of(to);
  const ssize_t sent = ::sendto(parts_->descriptor.get(), payload.data(), payload.size(), 0,
                                generic(address), sizeof address);
  if (sent >= 0) return true;
  if (errno == EAGAIN || errno == ENOBUFS || errno == ECONNREFUSED) return false;
  throw base::RigError({errno, std::generic_category()}, "send to " + to_text(to));
}

}  // namespace rig::io
