#include <fmt/format.h>

#include <utility>

#include "modem/commands.h"

namespace rig::modem::commands {
namespace {

using namespace std::chrono_literals;

// u-blox AT manuals: the longest that +USOCO and +USOCL may take.
constexpr base::Duration kConnectPatience = 20s;
constexpr base::Duration kClosePatience = 10s;
constexpr std::uint32_t kUdpNumber = 17;  // IANA protocol numbers
constexpr std::uint32_t kTcpNumber = 6;

// The open socket of argument 0 with this protocol, or null.
Socket* socket_of(Core& core, const Command& command, base::Protocol protocol) {
  const auto handle = command.number(0);
  Socket* const socket = handle ? core.sockets.find(*handle) : nullptr;
  return socket != nullptr && socket->protocol == protocol ? socket : nullptr;
}

std::optional<std::uint16_t> port_of(const Command& command, std::size_t index) {
  const auto number = command.number(index);
  if (!number || *number == 0 || *number > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

std::optional<base::Endpoint> remote_of(const Core& core, const Command& command) {
  const auto address = core.resolve(command.text(1));
  const auto port = port_of(command, 2);
  if (!address || !port) return std::nullopt;
  return base::Endpoint{*address, *port};
}

// A block of data for `upload`: behind a prompt, or quoted in the command as argument `index`.
Outcome take_block(Core& core, const Command& command, Upload upload, base::Instant now) {
  const std::size_t index = command.count - 1;
  if (!command.arguments[index].quoted) return {.kind = Outcome::Kind::upload, .upload = upload};
  const base::Bytes data = base::bytes_of(command.text(index));
  if (data.size() != upload.length) return incorrect();
  return upload_done(core, upload, data, now);
}

// The number of bytes of a block, argument `index`; absent when it is out of range.
std::optional<std::size_t> block_length(const Command& command, std::size_t index) {
  const auto length = command.number(index);
  if (!length || *length == 0 || *length > kBlockLimit) return std::nullopt;
  return *length;
}

// The length argument of a read; zero asks how much there is.
std::optional<std::size_t> read_length(const Command& command) {
  const auto length = command.number(1);
  if (command.form != Form::set || !length || *length > kBlockLimit) return std::nullopt;
  return *length;
}

std::string control_value(const Socket& socket, std::uint32_t parameter) {
  switch (parameter) {
    case 0:
      return fmt::format("{}", socket.protocol == base::Protocol::udp ? kUdpNumber : kTcpNumber);
    case 1:
      return "0";
    case 2:
      return fmt::format("{}", socket.sent_bytes);
    case 3:
      return fmt::format("{}", socket.received_bytes);
    case 10:
      return socket.stream && socket.stream->connected() ? "4" : "0";
    case 11:
      return fmt::format("{}", socket.stream ? socket.stream->unacknowledged() : 0);
    default:
      return {};
  }
}

}  // namespace

Outcome socket_create(Core& core, const Command& command, base::Instant) {
  const auto number = command.number(0);
  if (command.form != Form::set || (number != kUdpNumber && number != kTcpNumber)) {
    return incorrect();
  }
  const bool bound = command.count > 1;
  const auto port = port_of(command, 1);
  if (bound && !port) return incorrect();
  const auto protocol = number == kUdpNumber ? base::Protocol::udp : base::Protocol::tcp;
  const auto handle = core.sockets.open(protocol, port.value_or(0));
  if (!handle) return not_allowed();
  core.port.add_line(bound ? fmt::format("+USOCR: {},{}", *handle, *port)
                           : fmt::format("+USOCR: {}", *handle));
  return done();
}

Outcome socket_connect(Core& core, const Command& command, base::Instant now) {
  Socket* const socket = socket_of(core, command, base::Protocol::tcp);
  const auto remote = remote_of(core, command);
  if (socket == nullptr || socket->stream || !core.data.active) return not_allowed();
  if (!remote) return incorrect();
  const base::Endpoint local{core.network.address, socket->port};
  const auto first = static_cast<std::uint32_t>(core.random.next());
  socket->stream = tcp::Connection::connect({.local = local, .remote = *remote},
                                            core.network.transport, first, now);
  core.send_streams();
  return wait_for(
      {.what = Awaited::connection, .until = now + kConnectPatience, .socket = *command.number(0)});
}

Outcome socket_close(Core& core, const Command& command, base::Instant now) {
  const auto handle = command.number(0);
  Socket* const socket = handle ? core.sockets.find(*handle) : nullptr;
  if (socket == nullptr) return not_allowed();
  if (!socket->stream) {
    core.sockets.close(*handle);
    return done();
  }
  socket->stream->close(now);
  core.send_streams();
  return wait_for({.what = Awaited::closing, .until = now + kClosePatience, .socket = *handle});
}

// AT+USOST=socket,"address",port,length[,"data"]
Outcome socket_send_to(Core& core, const Command& command, base::Instant now) {
  const Socket* const socket = socket_of(core, command, base::Protocol::udp);
  if (socket == nullptr || !core.data.active) return not_allowed();
  const auto remote = remote_of(core, command);
  const auto length = block_length(command, 3);
  if (!remote || !length) return incorrect();
  return take_block(core, command, {.socket = *command.number(0), .to = *remote, .length = *length},
                    now);
}

Outcome socket_receive_from(Core& core, const Command& command, base::Instant) {
  const Socket* const socket = socket_of(core, command, base::Protocol::udp);
  if (socket == nullptr) return not_allowed();
  const auto length = read_length(command);
  if (!length) return incorrect();
  const std::uint32_t handle = *command.number(0);
  const auto datagram = *length == 0 ? std::nullopt : core.sockets.read_datagram(handle, *length);
  if (!datagram) {
    core.port.add_line(fmt::format("+USORF: {},{}", handle, socket->unread()));
    return done();
  }
  core.port.add_data(
      fmt::format(R"(+USORF: {},"{}",{},{},)", handle, base::to_text(datagram->from.address),
                  datagram->from.port, datagram->data.size()),
      datagram->data, core.quirks.empty_line_after_data);
  return done();
}

// AT+USOWR=socket,length[,"data"]
Outcome socket_write(Core& core, const Command& command, base::Instant now) {
  const Socket* const socket = socket_of(core, command, base::Protocol::tcp);
  if (socket == nullptr || !socket->stream || !socket->stream->connected()) return not_allowed();
  const auto length = block_length(command, 1);
  if (!length) return incorrect();
  return take_block(core, command, {.socket = *command.number(0), .to = {}, .length = *length},
                    now);
}

Outcome socket_read(Core& core, const Command& command, base::Instant) {
  const Socket* const socket = socket_of(core, command, base::Protocol::tcp);
  if (socket == nullptr) return not_allowed();
  const auto length = read_length(command);
  if (!length) return incorrect();
  const std::uint32_t handle = *command.number(0);
  if (*length == 0) {
    core.port.add_line(fmt::format("+USORD: {},{}", handle, socket->unread()));
    return done();
  }
  const base::Bytes data = core.sockets.read_stream(handle, *length);
  core.send_streams();  // the room that this made
  core.port.add_data(fmt::format("+USORD: {},{},", handle, data.size()), data,
                     core.quirks.empty_line_after_data);
  return done();
}

// The firmware asks for parameter 1 of every handle to find out which sockets a modem that was not
// reset still has open: a closed one is a plain ERROR.
Outcome socket_control(Core& core, const Command& command, base::Instant) {
  const auto handle = command.number(0);
  const auto parameter = command.number(1);
  const Socket* const socket = handle ? core.sockets.find(*handle) : nullptr;
  if (socket == nullptr || !parameter) return error();
  const std::string value = control_value(*socket, *parameter);
  if (value.empty()) return error();
  core.port.add_line(fmt::format("+USOCTL: {},{},{}", *handle, *parameter, value));
  return done();
}

Outcome socket_error(Core& core, const Command&, base::Instant) {
  core.port.add_line("+USOER: 0");
  return done();
}

Outcome upload_done(Core& core, const Upload& upload, base::ByteView data, base::Instant now) {
  Socket* const socket = core.sockets.find(upload.socket);
  if (socket == nullptr || !core.data.active) return not_allowed();
  std::size_t taken = data.size();
  if (socket->stream) {
    taken = socket->stream->write(data, now);
    core.send_streams();
  } else {
    base::Packet packet;
    packet.source = {core.network.address, socket->port};
    packet.destination = upload.to;
    packet.payload.assign(data.begin(), data.end());
    core.port.send(std::move(packet));
  }
  socket->sent_bytes += static_cast<std::uint32_t>(taken);
  core.port.add_line(
      fmt::format("{}: {},{}", socket->stream ? "+USOWR" : "+USOST", upload.socket, taken));
  return done();
}

}  // namespace rig::modem::commands
