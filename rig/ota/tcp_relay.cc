#include "ota/tcp_relay.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"

namespace rig::ota {
namespace {

constexpr base::Duration kRemembered = std::chrono::seconds(60);  // TIME-WAIT
constexpr std::size_t kMostAtOnce = 65'535;

tcp::Ends ends_at_us(const base::Packet& packet) {
  return {.local = packet.destination, .remote = packet.source};
}

// No more is read than the other leg takes: a slow leg closes the window of the fast one.
void carry(tcp::Connection& from, tcp::Connection& to, base::Instant now) {
  while (to.connected()) {
    const base::Bytes bytes = from.read(std::min(to.useful_room(), kMostAtOnce));
    if (bytes.empty()) break;
    static_cast<void>(to.write(bytes, now));
  }
  if (from.failed() && !to.failed()) to.abort();
  if (from.remote_closed() && from.unread() == 0 && to.connected() && !to.closing()) to.close(now);
}

void collect(tcp::Connection& from, std::vector<base::Packet>& to) {
  for (base::Packet& each : from.take_packets()) to.push_back(std::move(each));
}

}  // namespace

void TcpRelay::from_device(const base::Packet& packet, base::Instant now) {
  auto found = pairs_.find(ends_at_us(packet));
  if (packet.tcp_flags == base::kTcpSyn) {
    const bool repeated =
        found != pairs_.end() && !found->second.near.connected() && !found->second.near.failed();
    if (!repeated) return accept(packet, now);
  }
  if (found == pairs_.end()) return;
  found->second.near.receive(packet, now);
  serve(found->second, now);
  forget_finished(now);
}

// A SYN from where a connection was is a device that lost its power: the old one is dropped.
void TcpRelay::accept(const base::Packet& syn, base::Instant now) {
  const tcp::Ends ends = ends_at_us(syn);
  if (const auto old = pairs_.find(ends); old != pairs_.end()) {
    old->second.beyond.abort();
    collect(old->second.beyond, to_server_);
    pairs_.erase(old);
  }
  const auto sequence = [this] { return static_cast<std::uint32_t>(random_.next()); };
  const tcp::Ends onwards{
      .local = {.address = settings_.address, .port = next_port_++},
      .remote = syn.destination,
  };
  auto near = tcp::Connection::accept(syn, settings_.near, sequence(), now);
  auto beyond = tcp::Connection::connect(onwards, settings_.beyond, sequence(), now);
  const auto added =
      pairs_.try_emplace(ends, Pair{.near = std::move(near), .beyond = std::move(beyond)});
  serve(added.first->second, now);
}

TcpRelay::Pair* TcpRelay::pair_beyond(const base::Packet& packet) {
  const tcp::Ends ends = ends_at_us(packet);
  const auto found = std::ranges::find_if(
      pairs_, [&ends](const auto& each) { return each.second.beyond.ends() == ends; });
  return found == pairs_.end() ? nullptr : &found->second;
}

void TcpRelay::from_server(const base::Packet& packet, base::Instant now) {
  Pair* pair = pair_beyond(packet);
  if (pair == nullptr) return;
  pair->beyond.receive(packet, now);
  serve(*pair, now);
  forget_finished(now);
}

void TcpRelay::serve(Pair& pair, base::Instant now) {
  carry(pair.near, pair.beyond, now);
  carry(pair.beyond, pair.near, now);
  collect(pair.near, to_device_);
  collect(pair.beyond, to_server_);
}

void TcpRelay::advance(base::Instant now) {
  for (auto& [ends, pair] : pairs_) {
    pair.near.advance(now);
    pair.beyond.advance(now);
    serve(pair, now);
  }
  forget_finished(now);
}

void TcpRelay::forget_finished(base::Instant now) {
  for (auto& [ends, pair] : pairs_) {
    if (!pair.forget_at && pair.near.done() && pair.beyond.done()) {
      pair.forget_at = now + kRemembered;
    }
  }
  std::erase_if(pairs_, [now](const auto& each) {
    return each.second.forget_at && *each.second.forget_at <= now;
  });
}

std::optional<base::Instant> TcpRelay::wake_time() const {
  std::optional<base::Instant> first;
  for (const auto& [ends, pair] : pairs_) {
    for (const auto at : {pair.near.wake_time(), pair.beyond.wake_time(), pair.forget_at}) {
      if (at) first = first ? std::min(*first, *at) : *at;
    }
  }
  return first;
}

std::vector<base::Packet> TcpRelay::take_to_device() { return std::exchange(to_device_, {}); }

std::vector<base::Packet> TcpRelay::take_to_server() { return std::exchange(to_server_, {}); }

}  // namespace rig::ota
