#include "io/inet.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "base/rig_error.h"

namespace rig::io {
namespace {

// The socket functions take every family's address through one type.
sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }

Transferred transferred(ssize_t result) {
  if (result >= 0) return {.bytes = static_cast<std::size_t>(result)};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {};
  return {.error = {errno, std::generic_category()}};
}

[[noreturn]] void refuse(const std::string& host_port, const std::string& what) {
  throw base::UsageError("'" + host_port + "': " + what +
                         "; write HOST:PORT, as in 127.0.0.1:8080");
}

}  // namespace

sockaddr_in address_of(const base::Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(endpoint.port);
  address.sin_addr.s_addr = htonl(endpoint.address);
  return address;
}

base::Endpoint endpoint_of(const sockaddr_in& address) {
  return {.address = ntohl(address.sin_addr.s_addr), .port = ntohs(address.sin_port)};
}

std::string to_text(const base::Endpoint& endpoint) {
  return base::to_text(endpoint.address) + ":" + std::to_string(endpoint.port);
}

base::Endpoint resolve(const std::string& host_port) {
  const std::size_t colon = host_port.rfind(':');
  if (colon == std::string::npos) refuse(host_port, "there is no port");
  const std::string host = host_port.substr(0, colon);
  const std::string port = host_port.substr(colon + 1);
  addrinfo wanted{};
  wanted.ai_family = AF_INET;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int result =
      ::getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &wanted, &found);
  if (result != 0) refuse(host_port, ::gai_strerror(result));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  const base::Endpoint endpoint =
      endpoint_of(*reinterpret_cast<const sockaddr_in*>(owned->ai_addr));
  // The resolver takes the lowest 16 bits of a port that is none.
  if (std::to_string(endpoint.port) != port) refuse(host_port, "a port is 0 to 65535");
  return endpoint;
}

UniqueFd start_connecting(const base::Endpoint& to) {
  const std::string attempt = "connect to " + to_text(to);
  UniqueFd socket(
      base::check_errno(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), attempt));
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address = address_of(to);
  const int result = ::connect(socket.get(), generic(address), sizeof address);
  if (result != 0 && errno != EINPROGRESS) {
    throw base::RigError({errno, std::generic_category()}, attempt);
  }
  return socket;
}

std::error_code pending_error(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
  return {error, std::generic_category()};
}

base::Endpoint local_endpoint(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  base::check_errno(::getsockname(socket, generic(address), &length), "ask for a socket's address");
  return endpoint_of(address);
}

Transferred read_some(int socket, std::span<std::uint8_t> into) {
  const ssize_t count = ::recv(socket, into.data(), into.size(), 0);
  Transferred done = transferred(count);
  done.ended = count == 0;
  return done;
}

Transferred write_some(int socket, base::ByteView from) {
  return transferred(::send(socket, from.data(), from.size(), MSG_NOSIGNAL));
}

void send_end(int socket) { ::shutdown(socket, SHUT_WR); }

void reset(UniqueFd& connection) {
  if (!connection) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  connection.reset();
}

}  // namespace rig::io
