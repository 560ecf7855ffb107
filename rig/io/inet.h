// Sockets of the Internet (IPv4) as descriptors: what a relay needs of TCP that a stream which
// queues (ByteStream) hides: how much was taken, an end told apart from a reset, a reset on
// purpose.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <span>
#include <string>
#include <system_error>

#include "base/bytes.h"
#include "base/network.h"
#include "io/unique_fd.h"

namespace rig::io {

[[nodiscard]] sockaddr_in address_of(const base::Endpoint& endpoint);
[[nodiscard]] base::Endpoint endpoint_of(const sockaddr_in& address);
[[nodiscard]] std::string to_text(const base::Endpoint& endpoint);  // "10.0.0.2:80"

// "HOST:PORT", HOST a name or an IPv4 address, or empty: any address of this machine. Asks the
// resolver and waits for it. Throws base::UsageError that says what would be right.
[[nodiscard]] base::Endpoint resolve(const std::string& host_port);

// A non-blocking TCP socket whose connection is under way; it becomes writable when that has ended
// one way or the other, see pending_error(). Throws base::RigError.
[[nodiscard]] UniqueFd start_connecting(const base::Endpoint& to);
// What has gone wrong with a socket since the last call; none: it is connected.
[[nodiscard]] std::error_code pending_error(int socket);
[[nodiscard]] base::Endpoint local_endpoint(int socket);  // throws base::RigError

struct Transferred {
  std::size_t bytes{0};
  bool ended{false};        // reading: the peer will send nothing more
  std::error_code error{};  // never "would block": that is 0 bytes without an end
};
[[nodiscard]] Transferred read_some(int socket, std::span<std::uint8_t> into);
[[nodiscard]] Transferred write_some(int socket, base::ByteView from);

void send_end(int socket);         // FIN; what comes from the peer can still be read
void reset(UniqueFd& connection);  // RST; closed afterwards

}  // namespace rig::io
