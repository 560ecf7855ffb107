#include "modem/sockets.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rig::modem {
namespace {

// The dynamic ports of RFC 6335 section 6.
constexpr std::uint16_t kFirstPort = 49152;

}  // namespace

std::size_t Socket::unread() const {
  if (stream) return stream->unread();
  std::size_t sum = 0;
  for (const Datagram& each : inbox) sum += each.data.size();
  return sum;
}

bool SocketTable::in_use(std::uint16_t port) const {
  return std::ranges::any_of(sockets_,
                             [port](const auto& each) { return each && each->port == port; });
}

std::uint16_t SocketTable::free_port() {
  do {
    last_port_ = last_port_ < kFirstPort ? kFirstPort : static_cast<std::uint16_t>(last_port_ + 1);
  } while (last_port_ == 0 || in_use(last_port_));
  return last_port_;
}

std::optional<std::size_t> SocketTable::open(base::Protocol protocol, std::uint16_t port) {
  const auto free = std::ranges::find_if(sockets_, [](const auto& each) { return !each; });
  if (free == sockets_.end() || (port != 0 && in_use(port))) return std::nullopt;
  free->emplace();
  (*free)->protocol = protocol;
  (*free)->port = port != 0 ? port : free_port();
  return static_cast<std::size_t>(free - sockets_.begin());
}

Socket* SocketTable::find(std::size_t handle) {
  return handle < kSocketCount && sockets_[handle] ? &*sockets_[handle] : nullptr;
}

void SocketTable::close_all() {
  for (auto& each : sockets_) each.reset();
}

void SocketTable::note_arrivals(Socket& socket, std::size_t unread_before) {
  if (unread_before == 0 && socket.unread() > 0) socket.data_notice = true;
  if (socket.stream && (socket.stream->failed() || socket.stream->remote_closed())) {
    socket.close_notice = true;
  }
}

SocketTable::Arrival SocketTable::receive(const base::Packet& packet, base::Instant now) {
  const auto owner = std::ranges::find_if(sockets_, [&packet](const auto& each) {
    return each && each->protocol == packet.protocol && each->port == packet.destination.port;
  });
  if (owner == sockets_.end()) return Arrival::no_socket;
  Socket& socket = **owner;
  const std::size_t before = socket.unread();
  if (socket.protocol == base::Protocol::tcp) {
    if (!socket.stream || socket.stream->ends().remote != packet.source) return Arrival::no_socket;
    socket.stream->receive(packet, now);
  } else {
    if (packet.payload.empty()) return Arrival::taken;  // nothing that +USORF could show
    if (socket.inbox.size() >= kDatagramLimit) return Arrival::overflow;
    socket.inbox.push_back({packet.source, packet.payload});
  }
  socket.received_bytes += static_cast<std::uint32_t>(socket.unread() - before);
  note_arrivals(socket, before);
  return Arrival::taken;
}

std::optional<Datagram> SocketTable::read_datagram(std::size_t handle, std::size_t limit) {
  Socket* const socket = find(handle);
  if (socket == nullptr || socket->inbox.empty()) return std::nullopt;
  Datagram& first = socket->inbox.front();
  Datagram taken;
  if (first.data.size() <= limit) {
    taken = std::move(first);
    socket->inbox.erase(socket->inbox.begin());
  } else {
    const auto end = first.data.begin() + static_cast<std::ptrdiff_t>(limit);
    taken = {first.from, base::Bytes(first.data.begin(), end)};
    first.data.erase(first.data.begin(), end);
  }
  socket->data_notice = !socket->inbox.empty();
  return taken;
}

base::Bytes SocketTable::read_stream(std::size_t handle, std::size_t limit) {
  Socket* const socket = find(handle);
  if (socket == nullptr || !socket->stream) return {};
  base::Bytes taken = socket->stream->read(limit);
  socket->data_notice = socket->unread() > 0;
  return taken;
}

void SocketTable::advance(base::Instant now) {
  for (auto& each : sockets_) {
    if (!each || !each->stream) continue;
    each->stream->advance(now);
    note_arrivals(*each, each->unread());
  }
}

std::optional<base::Instant> SocketTable::wake_time() const {
  std::optional<base::Instant> next;
  for (const auto& each : sockets_) {
    if (!each || !each->stream) continue;
    const auto due = each->stream->wake_time();
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

std::vector<base::Packet> SocketTable::take_packets() {
  std::vector<base::Packet> all;
  for (auto& each : sockets_) {
    if (!each || !each->stream) continue;
    for (base::Packet& packet : each->stream->take_packets()) all.push_back(std::move(packet));
  }
  return all;
}

bool SocketTable::notices_waiting() const {
  return std::ranges::any_of(sockets_, [](const auto& each) {
    return each && (each->data_notice || (each->close_notice && each->unread() == 0));
  });
}

std::vector<std::string> SocketTable::take_notices() {
  std::vector<std::string> notices;
  for (std::size_t handle = 0; handle < kSocketCount; ++handle) {
    Socket* const socket = find(handle);
    if (socket == nullptr) continue;
    if (socket->data_notice) {
      const char* const name = socket->stream ? "+UUSORD" : "+UUSORF";
      notices.push_back(fmt::format("{}: {},{}", name, handle, socket->unread()));
      socket->data_notice = false;
    }
    if (socket->close_notice && socket->unread() == 0) {
      notices.push_back(fmt::format("+UUSOCL: {}", handle));
      close(handle);
    }
  }
  return notices;
}

}  // namespace rig::modem
