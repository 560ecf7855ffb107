#include "unit/tcp/transfer.h"

#include <algorithm>
#include <optional>

#include "base/random.h"
#include "tcp/connection.h"

namespace rig::tcp {
namespace {

constexpr Ends kEnds{.local = {0x0A000002, 50000}, .remote = {0x0A0A0A0A, 80}};

class Run {
 public:
  explicit Run(const Download& download)
      : download_(download),
        data_(pattern(download.bytes)),
        link_(download.link, download.seed),
        client_(Connection::connect(kEnds, download.client, 1000, now_)) {}

  Outcome go() {
    while (now_ - base::kCycleStart < download_.limit && !over()) {
      ++outcome_.steps;
      serve();
      send(client_, base::Direction::up);
      if (server_) send(*server_, base::Direction::down);
      if (!step()) break;
    }
    outcome_.complete = over() && got_ == data_ && !client_.failed() && !server_->failed();
    if (server_) outcome_.repeated = server_->repeated();
    return outcome_;
  }

 private:
  [[nodiscard]] bool over() const {
    return client_.failed() || (server_ && server_->done() && client_.done());
  }

  void serve() {
    if (!server_ || !server_->connected()) return;
    const auto length = std::min(server_->useful_room(), data_.size() - wrote_);
    wrote_ += server_->write(base::ByteView(data_).subspan(wrote_, length), now_);
    if (wrote_ == data_.size()) server_->close(now_);
  }

  void send(Connection& from, base::Direction direction) {
    for (base::Packet& packet : from.take_packets()) {
      if (download_.sent) download_.sent(now_, direction, packet);
      const bool data = direction == base::Direction::down && !packet.payload.empty();
      if (data && download_.lost && download_.lost(outcome_.data_packets++)) {
        ++outcome_.lost;
      } else {
        outcome_.data_packets += data && !download_.lost ? 1 : 0;
        link_.send(direction, std::move(packet), now_);
      }
    }
  }

  bool step() {
    auto next = link_.wake_time();
    for (const auto due : {client_.wake_time(), server_ ? server_->wake_time() : std::nullopt}) {
      if (due && (!next || *due < *next)) next = due;
    }
    if (!next) return false;
    now_ = std::max(now_, *next);
    client_.advance(now_);
    if (server_) server_->advance(now_);
    for (const link::Delivery& each : link_.release_due(now_)) deliver(each);
    return true;
  }

  void deliver(const link::Delivery& delivery) {
    if (delivery.direction == base::Direction::down) {
      client_.receive(delivery.packet, now_);
      base::append(got_, client_.read(65'535));
      if (outcome_.took == base::Duration::zero() && got_.size() == data_.size()) {
        outcome_.took = now_ - base::kCycleStart;
      }
      if (client_.remote_closed()) client_.close(now_);
    } else if (server_) {
      server_->receive(delivery.packet, now_);
    } else if (delivery.packet.tcp_flags == base::kTcpSyn) {
      server_ = Connection::accept(delivery.packet, download_.server, 500, now_);
    }
  }

  const Download& download_;
  base::Bytes data_;
  base::Instant now_{};
  link::ShapedLink link_;
  Connection client_;
  std::optional<Connection> server_;
  std::size_t wrote_{0};
  base::Bytes got_;
  Outcome outcome_;
};

}  // namespace

Outcome run(const Download& download) { return Run(download).go(); }

link::Profile symmetric(double rate_bps, base::Duration delay) {
  const link::Path path{.rate_bps = rate_bps, .delay = delay};
  return {.name = "symmetric", .up = path, .down = path, .outages = {}};
}

base::Bytes pattern(std::size_t size) {
  base::Bytes data(size);
  base::Random random(11);
  for (auto& each : data) each = static_cast<std::uint8_t>(random.next());
  return data;
}

}  // namespace rig::tcp
