#include "power/scpi_link.h"

#include <fcntl.h>
#include <linux/usb/tmc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string name_of(const ScpiPlace& place) {
  if (const auto* tcp = std::get_if<TcpPlace>(&place)) {
    return "supply at " + tcp->host + ":" + tcp->port;
  }
  return "supply at " + std::get<UsbtmcPlace>(place).node;
}

Addresses resolved(const TcpPlace& place, const std::string& attempt) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int result = getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &list);
  if (result != 0) throw SwitchError(Fault::absent, attempt, gai_strerror(result));
  return Addresses(list);
}

// 0, or the errno of the attempt.
int finish_connecting(int fd, Moment deadline) {
  pollfd wanted{.fd = fd, .events = POLLOUT, .revents = 0};
  if (poll(&wanted, 1, milliseconds_left(deadline)) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

base::UniqueFd connected(const TcpPlace& place, Moment deadline, const std::string& attempt) {
  const Addresses addresses = resolved(place, attempt);
  int error = ENOENT;
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    base::UniqueFd fd(socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (connect(fd.get(), each->ai_addr, each->ai_addrlen) == 0) return fd;
    error = errno == EINPROGRESS ? finish_connecting(fd.get(), deadline) : errno;
    if (error != 0) continue;
    const int yes = 1;
    setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
  }
  throw SwitchError(fault_of_errno(error), attempt, std::strerror(error));
}

std::string without_line_end(std::string line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  return line;
}

std::variant<Stream, UsbtmcNode> transport(const ScpiPlace& place, Moment deadline) {
  const std::string name = name_of(place);
  if (const auto* node = std::get_if<UsbtmcPlace>(&place)) return UsbtmcNode(*node, name);
  return Stream(connected(std::get<TcpPlace>(place), deadline, "connect to " + name), name);
}

}  // namespace

UsbtmcNode::UsbtmcNode(const UsbtmcPlace& place, std::string name)
    : fd_(check_switch(open(place.node.c_str(), O_RDWR | O_CLOEXEC), "open " + name)),
      name_(std::move(name)) {
  // An answer that an earlier run never fetched would be taken for ours. Instruments that cannot
  // clear start afresh anyway.
  static_cast<void>(ioctl(fd_.get(), USBTMC_IOCTL_CLEAR));
}

void UsbtmcNode::limit_kernel(Moment deadline) {
  constexpr int kShortestMs = 100;
  const auto limit_ms = static_cast<unsigned>(std::max(milliseconds_left(deadline), kShortestMs));
  check_switch(ioctl(fd_.get(), USBTMC_IOCTL_SET_TIMEOUT, &limit_ms),
               "limit the wait for " + name_);
}

void UsbtmcNode::tell(std::string_view line, Moment deadline) {
  limit_kernel(deadline);
  const std::string message = std::string(line) + "\n";
  const ssize_t written = write(fd_.get(), message.data(), message.size());
  check_switch(written < 0 ? -1 : 0, "write to " + name_);
}

std::string UsbtmcNode::answer(Moment deadline) {
  limit_kernel(deadline);
  std::array<char, 1024> buffer{};
  const ssize_t count = read(fd_.get(), buffer.data(), buffer.size());
  check_switch(count < 0 ? -1 : 0, "read from " + name_);
  return {buffer.data(), static_cast<std::size_t>(count)};
}

ScpiLink::ScpiLink(const ScpiPlace& place, Moment deadline)
    : name_(name_of(place)), transport_(transport(place, deadline)) {}

void ScpiLink::tell(std::string_view line, Moment deadline) {
  if (auto* stream = std::get_if<Stream>(&transport_)) {
    stream->write(base::bytes_of(std::string(line) + "\n"), deadline);
  } else {
    std::get<UsbtmcNode>(transport_).tell(line, deadline);
  }
}

std::string ScpiLink::ask(std::string_view line, Moment deadline) {
  auto* stream = std::get_if<Stream>(&transport_);
  if (stream != nullptr) stream->discard_input();
  tell(line, deadline);
  return without_line_end(stream != nullptr ? stream->read_until('\n', deadline)
                                            : std::get<UsbtmcNode>(transport_).answer(deadline));
}

void ScpiLink::wait_until(Moment moment) {
  if (auto* stream = std::get_if<Stream>(&transport_)) return stream->wait_until(moment);
  while (now() < moment) poll(nullptr, 0, milliseconds_left(moment));
}

}  // namespace rig::power
