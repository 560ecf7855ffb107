#include "scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/rig_error.h"

namespace rig::probe {

Listener listen_on_loopback() {
  Listener listener;
  listener.descriptor =
      io::UniqueFd(base::check_errno(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  base::check_errno(::bind(listener.descriptor.get(), generic, length), "bind");
  // Inherited by what is accepted: an answer in two pieces must not wait for an acknowledgement.
  constexpr int kOn = 1;
  base::check_errno(
      ::setsockopt(listener.descriptor.get(), IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn),
      "nodelay");
  base::check_errno(::listen(listener.descriptor.get(), 4), "listen");
  base::check_errno(::getsockname(listener.descriptor.get(), generic, &length), "getsockname");
  listener.port = ntohs(address.sin_port);
  return listener;
}

ScriptedServer::ScriptedServer(io::Loop& loop, Script script)
    : loop_(loop), script_(std::move(script)) {
  Listener listener = listen_on_loopback();
  listener_ = std::move(listener.descriptor);
  port_ = listener.port;
  io::set_non_blocking(listener_.get(), "the listener");
  watch_.emplace(loop, listener_.get());
  watch_->on_readable([this] { accept(); });
}

void ScriptedServer::accept() {
  io::UniqueFd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!client) return;
  stream_.reset();
  client_ = std::move(client);
  stream_.emplace(loop_, io::ByteStream::Descriptors{.in = client_.get(), .out = client_.get()},
                  io::ByteStream::Handlers{.received =
                                               [this](auto bytes, io::Time) {
                                                 const std::string piece(base::as_text(bytes));
                                                 received_ += piece;
                                                 send(script_(piece));
                                               },
                                           .ended = [this](auto, io::Time) { stream_.reset(); }});
}

void ScriptedServer::send(const std::string& bytes) {
  if (stream_ && !bytes.empty()) stream_->write(base::bytes_of(bytes));
}

void ScriptedServer::die() {
  watch_.reset();
  listener_.reset();
  stream_.reset();
  client_.reset();
}

}  // namespace rig::probe
