#include "io/tcp_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/rig_error.h"
#include "io/byte_stream.h"
#include "io/local_address.h"
#include "io/loop_core.h"
#include "io/timer.h"
#include "io/unique_fd.h"

namespace rig::io {

using boost::asio::ip::tcp;

struct TcpClient::Parts {
  Parts(Loop& owner, Server wanted, Handlers receivers)
      : loop(owner),
        core(owner.core()),
        server(std::move(wanted)),
        handlers(std::move(receivers)),
        resolver(core.context),
        socket(core.context),
        limit(owner),
        lease(core) {}

  [[nodiscard]] bool is_local() const { return server.host.starts_with('/'); }

  // From the loop, as every other outcome.
  void connect_local() {
    limit.at(now(), [this](Time) {
      const sockaddr_un address = local_address(server.host);
      descriptor = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      const int connected =
          ::connect(descriptor.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
      connected == 0 ? stream_over_descriptor() : end({errno, std::generic_category()});
    });
  }

  void resolve() {
    if (is_local()) return connect_local();
    limit.after(server.limit, [this](Time) { end(std::make_error_code(std::errc::timed_out)); });
    resolver.async_resolve(
        server.host, std::to_string(server.port),
        [this, loop_core = &core, number = lease.renew()](auto error, const auto& found) {
          if (loop_core->is_live(number)) error ? end(error) : connect(found);
        });
  }

  void connect(const tcp::resolver::results_type& found) {
    boost::asio::async_connect(
        socket, found, [this, loop_core = &core, number = lease.renew()](auto error, const auto&) {
          if (loop_core->is_live(number)) error ? end(error) : open();
        });
  }

  // From here on the bare descriptor is all there is: one way of reading for every stream.
  void open() {
    limit.cancel();
    socket.set_option(tcp::no_delay(true));
    descriptor = UniqueFd(socket.release());
    stream_over_descriptor();
  }

  void stream_over_descriptor() {
    stream.emplace(
        loop, ByteStream::Descriptors{.in = descriptor.get(), .out = descriptor.get()},
        ByteStream::Handlers{.received = [this](auto bytes, Time at) { receive(bytes, at); },
                             .ended = [this](auto error, Time) { end(error); }});
    const auto called = handlers.connected;
    if (called) called();
  }

  void receive(base::ByteView bytes, Time at) {
    const auto called = handlers.received;
    if (called) called(bytes, at);
  }

  void end(std::error_code error) {
    lease.end();
    limit.cancel();
    over = true;
    const auto called = std::exchange(handlers.ended, {});
    if (called) called(error, now());
  }

  Loop& loop;
  LoopCore& core;
  Server server;
  Handlers handlers;
  tcp::resolver resolver;
  tcp::socket socket;
  Timer limit;
  Lease lease;
  UniqueFd descriptor;
  std::optional<ByteStream> stream;
  bool over{false};
};

TcpClient::TcpClient(Loop& loop, Server server, Handlers handlers)
    : parts_(std::make_unique<Parts>(loop, std::move(server), std::move(handlers))) {
  parts_->resolve();
}
TcpClient::~TcpClient() = default;

bool TcpClient::connected() const { return parts_->stream && !parts_->over; }

void TcpClient::write(base::ByteView bytes) {
  if (!connected()) {
    throw base::RigError(std::make_error_code(std::errc::not_connected),
                         "write to " + parts_->server.host);
  }
  parts_->stream->write(bytes);
}

}  // namespace rig::io
