#include "real_sockets.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <thread>

#include "base/rig_error.h"
#include "io/inet.h"
#include "io/net_namespace.h"

namespace rig::system {
namespace {

using namespace std::chrono_literals;
using base::Endpoint;
using base::UniqueFd;
using shaping::NetworkLab;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr Endpoint kDatagramServer{NetworkLab::kServerAddress, 5683};
constexpr Milliseconds kPatience = 5s;
constexpr int kEct0 = base::kEct0;

sockaddr* plain(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

UniqueFd socket_at(const io::NetNamespace& where, int type, const Endpoint& local) {
  const io::InNetNamespace inside(where);
  UniqueFd socket(base::check_errno(::socket(AF_INET, type | SOCK_CLOEXEC, 0), "make a socket"));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = io::address_of(local);
  base::check_errno(::bind(socket.get(), plain(address), sizeof address), "bind it");
  return socket;
}

bool readable(const UniqueFd& socket, Milliseconds limit) {
  pollfd ready{socket.get(), POLLIN, 0};
  return ::poll(&ready, 1, static_cast<int>(limit.count())) > 0;
}

bool is_marked(msghdr& message) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr;
       each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level != IPPROTO_IP || each->cmsg_type != IP_TOS) continue;
    return (*CMSG_DATA(each) & 3) == base::kCongestionExperienced;
  }
  return false;
}

// A server of one connection.
class StreamServer {
 public:
  explicit StreamServer(const NetworkLab& lab)
      : socket_(socket_at(lab.server(), SOCK_STREAM, {NetworkLab::kServerAddress, kStreamPort})) {
    base::check_errno(::listen(socket_.get(), 1), "listen");
  }
  [[nodiscard]] UniqueFd accept(Milliseconds limit) const {
    if (!readable(socket_, limit)) return {};
    return UniqueFd(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }

 private:
  UniqueFd socket_;
};

StreamEnd end_of(int error) {
  if (error == 0) return StreamEnd::whole;
  if (error == ECONNREFUSED) return StreamEnd::refused;
  return error == ECONNRESET || error == EPIPE ? StreamEnd::reset : StreamEnd::silent;
}

int connect_to(const UniqueFd& socket, std::uint16_t port) {
  sockaddr_in there = io::address_of({NetworkLab::kServerAddress, port});
  return ::connect(socket.get(), plain(there), sizeof there) == 0 ? 0 : errno;
}

}  // namespace

DatagramPair::DatagramPair(const NetworkLab& lab, const Settings& settings)
    : server_(socket_at(lab.server(), SOCK_DGRAM, kDatagramServer)),
      device_(socket_at(lab.device(), SOCK_DGRAM, {})) {
  const int on = 1;
  ::setsockopt(server_.get(), IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
  if (settings.marked) ::setsockopt(device_.get(), IPPROTO_IP, IP_TOS, &kEct0, sizeof kEct0);
}

void DatagramPair::send(const std::string& text) {
  sockaddr_in there = io::address_of(kDatagramServer);
  ::sendto(device_.get(), text.data(), text.size(), 0, plain(there), sizeof there);
}

void DatagramPair::answer(const std::string& text) {
  sockaddr_in there = io::address_of(last_);
  ::sendto(server_.get(), text.data(), text.size(), 0, plain(there), sizeof there);
}

std::vector<std::string> DatagramPair::heard(std::size_t count, Milliseconds little) {
  return take(server_, count, little);
}
std::vector<std::string> DatagramPair::answered(std::size_t count, Milliseconds little) {
  return take(device_, count, little);
}

std::vector<std::string> DatagramPair::take(const UniqueFd& socket, std::size_t count,
                                            Milliseconds little) {
  std::vector<std::string> texts;
  while (readable(socket, texts.size() < count ? kPatience : little)) {
    std::array<char, 2048> buffer{};
    std::array<char, 64> control{};
    sockaddr_in from{};
    iovec piece{.iov_base = buffer.data(), .iov_len = buffer.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t length = ::recvmsg(socket.get(), &message, 0);
    if (length < 0) break;
    texts.emplace_back(buffer.data(), static_cast<std::size_t>(length));
    if (is_marked(message)) texts.back() += " CE";
    if (&socket == &server_) last_ = io::endpoint_of(from);
  }
  return texts;
}

Story fetch(const NetworkLab& lab, const Order& order) {
  const StreamServer server(lab);
  const UniqueFd device = socket_at(lab.device(), SOCK_STREAM, {});
  UniqueFd served;
  std::thread serving([&] {
    served = server.accept(order.patience);
    const std::string body(order.bytes, 'x');
    if (!served) return;
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(served.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    (void)!::send(served.get(), body.data(), body.size(), MSG_NOSIGNAL);
    ::shutdown(served.get(), SHUT_WR);
  });
  const auto begun = Clock::now();
  Story story{.end = end_of(connect_to(device, order.port))};
  while (story.end == StreamEnd::whole) {
    if (!readable(device, order.patience)) {
      story.end = StreamEnd::silent;
      break;
    }
    std::array<char, 4096> buffer{};
    const ssize_t length = ::recv(device.get(), buffer.data(), buffer.size(), 0);
    if (length < 0) story.end = end_of(errno);
    if (length <= 0) break;
    story.bytes += static_cast<std::size_t>(length);
  }
  story.took = Clock::now() - begun;
  serving.join();
  return story;
}

StreamEnd speak_after(const NetworkLab& lab, Milliseconds silence) {
  const StreamServer server(lab);
  const UniqueFd device = socket_at(lab.device(), SOCK_STREAM, {});
  const int failed = connect_to(device, kStreamPort);
  const UniqueFd served = server.accept(kPatience);
  if (failed != 0 || !served) return end_of(failed == 0 ? ETIMEDOUT : failed);
  (void)readable(device, silence);
  (void)!::send(device.get(), "b", 1, MSG_NOSIGNAL);
  std::array<pollfd, 2> either{{{served.get(), POLLIN, 0}, {device.get(), POLLIN, 0}}};
  ::poll(either.data(), either.size(), static_cast<int>(kPatience.count()));
  if (either[0].revents != 0) return StreamEnd::whole;
  char byte = 0;
  return ::recv(device.get(), &byte, 1, MSG_DONTWAIT) < 0 ? end_of(errno) : StreamEnd::silent;
}

}  // namespace rig::system
