#include "shaping/tcp_connection.h"

#include <array>
#include <utility>

#include "base/rig_error.h"

namespace rig::shaping {
namespace {

using base::Direction;
using base::kTcpAck;
using base::kTcpFin;
using base::kTcpRst;
using base::kTcpSyn;

constexpr int kSegmentsAtOnce = 16;  // then the others get their turn
constexpr std::uint64_t kHeaders = 40;
constexpr auto kAgain = std::chrono::milliseconds(200);  // a TCP's shortest timeout

Direction other(Direction direction) {
  return direction == Direction::up ? Direction::down : Direction::up;
}

}  // namespace

TcpConnection::TcpConnection(io::Loop& loop, Line& line, const Flow& flow, io::UniqueFd device)
    : loop_(loop), line_(line), flow_(flow), again_(loop) {
  device_.socket = std::move(device);
  device_.watch.emplace(loop_, device_.socket.get());
}

// The peers see a reset: what was under way is lost, and a FIN would vouch for it.
TcpConnection::~TcpConnection() {
  line_.close(flow_);
  for (Side* side : {&device_, &server_}) side->watch.reset();
  if (ended_) return;
  io::reset(device_.socket);
  io::reset(server_.socket);
}

void TcpConnection::begin(const Settings& settings, std::function<void()> over) {
  settings_ = settings;
  over_ = std::move(over);
  line_.open(flow_,
             {.arrived = [this](Direction direction,
                                base::Packet packet) { arrived(direction, std::move(packet)); },
              .room =
                  [this](Direction direction) {
                    half(direction).waiting = false;
                    start_reading(direction);
                  }});
  send(Direction::up, kTcpSyn);
}

void TcpConnection::start_reading(Direction direction) {
  Half& from = half(direction);
  if (ended_ || from.reading || from.ended || from.waiting || from.held) return;
  from.reading = true;
  source(direction).watch->on_readable([this, direction] { read(direction); });
}

void TcpConnection::pause_reading(Direction direction) {
  half(direction).reading = false;
  source(direction).watch->stop_reading();
}

// Whether there is room for one more segment; otherwise reading goes on when there is.
bool TcpConnection::may_read(Direction direction) {
  Half& from = half(direction);
  if (from.unacknowledged + settings_.mss > settings_.window) {
    pause_reading(direction);  // write() starts it again
    return false;
  }
  if (line_.has_room(direction, settings_.mss + kHeaders)) return true;
  pause_reading(direction);
  from.waiting = true;
  line_.wait_for_room(flow_, direction);
  return false;
}

void TcpConnection::read(Direction direction) {
  for (int i = 0; i < kSegmentsAtOnce && !ended_ && may_read(direction); ++i) {
    base::Bytes segment(settings_.mss);
    const io::Transferred got = io::read_some(source(direction).socket.get(), segment);
    if (got.error) return break_off(direction);
    if (got.ended) {
      pause_reading(direction);
      half(direction).ended = true;
      return send(direction, kTcpFin | kTcpAck);
    }
    if (got.bytes == 0) return;
    segment.resize(got.bytes);
    segment.shrink_to_fit();
    half(direction).unacknowledged += got.bytes;
    send(direction, kTcpAck, std::move(segment));
    if (half(direction).held) return;
  }
}

void TcpConnection::send(Direction direction, std::uint8_t flags, base::Bytes payload) {
  base::Packet packet;
  packet.tcp_flags = flags;
  packet.payload = std::move(payload);
  send(direction, std::move(packet));
}

// The line holds back what it could lose. What the model drops nevertheless is behind an early end
// or a reset that it has put into the stream: that is on its way, and nothing comes behind it.
void TcpConnection::send(Direction direction, base::Packet packet) {
  Half& from = half(direction);
  const base::Packet copy = packet;
  switch (line_.send(flow_, direction, std::move(packet))) {
    case Line::Sent::passed:
      return;
    case Line::Sent::dropped:
      from.unacknowledged -= copy.payload.size();
      return;
    case Line::Sent::stalled:
      if (from.reading) pause_reading(direction);
      from.held = copy;
      again_.after(kAgain, [this](io::Time) { send_held(); });
      return;
  }
}

void TcpConnection::send_held() {
  for (const Direction each : {Direction::up, Direction::down}) {
    auto held = std::exchange(half(each).held, std::nullopt);
    if (!held || ended_) continue;
    send(each, std::move(*held));
    if (!half(each).held) start_reading(each);
  }
}

// A side was reset: so will be the other, when the news has crossed the line.
void TcpConnection::break_off(Direction direction) {
  if (std::exchange(half(direction).ended, true)) return;
  if (half(direction).reading) pause_reading(direction);
  send(direction, kTcpRst);
}

void TcpConnection::arrived(Direction direction, base::Packet packet) {
  if (ended_) return;
  if ((packet.tcp_flags & kTcpRst) != 0) return end();
  if (direction == Direction::up && is_forgotten(packet)) return end();
  if ((packet.tcp_flags & kTcpSyn) != 0) {
    return direction == Direction::up ? connect_server(packet.destination)
                                      : start_reading(Direction::up);
  }
  Half& to = half(direction);
  base::append(to.untaken, packet.payload);
  if ((packet.tcp_flags & kTcpFin) != 0) to.finish = true;
  if (!to.blocked) write(direction);
  // The router has heard of the device again: what it let not down may pass now.
  if (direction == Direction::up && half(Direction::down).held) send_held();
}

// The server's end of the connection is bound to the port that the SYN came from.
bool TcpConnection::is_forgotten(const base::Packet& packet) {
  if (!known_) known_ = packet.source;
  return *known_ != packet.source;
}

void TcpConnection::connect_server(const base::Endpoint& server) {
  try {
    server_.socket = io::start_connecting(server);
  } catch (const base::RigError&) {  // no route: as if nobody listened there
    refused_ = true;
    return break_off(Direction::down);
  }
  server_.watch.emplace(loop_, server_.socket.get());
  server_.watch->when_writable([this] { server_answered(); });
}

void TcpConnection::server_answered() {
  if (io::pending_error(server_.socket.get())) {
    refused_ = true;
    return break_off(Direction::down);
  }
  send(Direction::down, kTcpSyn | kTcpAck);
  start_reading(Direction::down);
}

void TcpConnection::write(Direction direction) {
  Half& to = half(direction);
  if (!to.untaken.empty()) {
    const io::Transferred put = io::write_some(target(direction).socket.get(), to.untaken);
    if (put.error) return break_off(other(direction));
    to.untaken.erase(to.untaken.begin(),
                     to.untaken.begin() + static_cast<std::ptrdiff_t>(put.bytes));
    to.unacknowledged -= put.bytes;
    to.blocked = !to.untaken.empty();
    if (to.blocked) {
      target(direction).watch->when_writable([this, direction] { write(direction); });
    } else {
      to.untaken.shrink_to_fit();  // a thousand idle connections keep no buffers
    }
  }
  finish_when_taken(direction);
  if (!ended_ && source(direction).socket) start_reading(direction);
}

void TcpConnection::finish_when_taken(Direction direction) {
  Half& to = half(direction);
  if (!to.finish || !to.untaken.empty() || std::exchange(to.done, true)) return;
  io::send_end(target(direction).socket.get());
  if (!up_.done || !down_.done) return;
  ended_ = true;
  over_();
}

void TcpConnection::end() {
  if (std::exchange(ended_, true)) return;
  for (Side* side : {&device_, &server_}) {
    side->watch.reset();
    io::reset(side->socket);
  }
  over_();
}

}  // namespace rig::shaping
