#include "ota/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rig::ota {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kKeptAfterClose = 60s;  // TIME-WAIT and FIN-WAIT-2 of Linux
constexpr std::uint64_t kProgressEvery = 32 * 1024;
constexpr std::size_t kReadAtOnce = 65'535;

tcp::Ends ends_of(const base::Packet& packet) {
  return {.local = packet.destination, .remote = packet.source};
}

std::string from(const tcp::Ends& ends) {
  return fmt::format("from={}:{}", base::to_text(ends.remote.address), ends.remote.port);
}

}  // namespace

HttpServer::HttpServer(const Catalogue& catalogue, HttpSettings settings)
    : catalogue_(&catalogue), settings_(std::move(settings)) {}

void HttpServer::trace(base::Instant at, TraceKind kind, std::uint64_t value, std::string text) {
  outputs_.emplace_back(Trace{at, kind, value, std::move(text)});
}

void HttpServer::trace_end(const Peer& peer, std::string_view how, base::Instant now) {
  trace(now, TraceKind::session, 0,
        fmt::format("http {} {}{} served={}", how.empty() ? "close" : "abort",
                    from(peer.connection.ends()), how, peer.served + body_acknowledged(peer)));
}

void HttpServer::receive(const base::Packet& packet, base::Instant now) {
  auto found = peers_.find(ends_of(packet));
  if (packet.tcp_flags == base::kTcpSyn) {
    const bool repeated = found != peers_.end() && !found->second.connection.connected() &&
                          !found->second.connection.failed();
    if (!repeated) {
      accept(packet, now);
      return;
    }
  }
  if (found == peers_.end()) {
    refuse(packet);
    return;
  }
  Peer& peer = found->second;
  const bool reset = (packet.tcp_flags & base::kTcpRst) != 0 && !peer.connection.failed();
  peer.connection.receive(packet, now);
  if (reset && peer.connection.failed() && !peer.forget_at) {
    trace_end(peer, " reason=reset", now);
    peer.forget_at = now;
  }
  serve(peer, now);
  forget_finished(now);
}

void HttpServer::accept(const base::Packet& syn, base::Instant now) {
  const tcp::Ends ends = ends_of(syn);
  if (const auto old = peers_.find(ends); old != peers_.end()) {
    if (!old->second.forget_at) trace_end(old->second, " reason=new-connection", now);
    peers_.erase(old);
  }
  const auto first = static_cast<std::uint32_t>(random_.next());
  const auto added = peers_.try_emplace(
      ends, Peer{.connection = tcp::Connection::accept(syn, settings_.transport, first, now),
                 .session = {},
                 .idle_since = now,
                 .forget_at = {},
                 .session_wake = {}});
  trace(now, TraceKind::session, 0, "http connect " + from(ends));
  collect(added.first->second);
}

void HttpServer::refuse(const base::Packet& packet) {
  if ((packet.tcp_flags & base::kTcpRst) != 0) return;
  base::Packet reset;
  reset.protocol = base::Protocol::tcp;
  reset.source = packet.destination;
  reset.destination = packet.source;
  reset.tcp_flags = base::kTcpRst | base::kTcpAck;
  reset.sequence = packet.acknowledgement;
  reset.acknowledgement = packet.sequence + static_cast<std::uint32_t>(packet.payload.size());
  outputs_.emplace_back(SendPacket{std::move(reset)});
}

void HttpServer::serve(Peer& peer, base::Instant now) {
  peer.session.receive(peer.connection.read(kReadAtOnce));
  tell_progress(peer, now);
  if (peer.connection.connected() && !peer.forget_at) {
    answer_requests(peer, now);
    end_answers(peer, now);
    peer.session_wake = peer.session.wake_time(now);
  }
  collect(peer);
}

void HttpServer::answer_requests(Peer& peer, base::Instant now) {
  write_answer(peer, now);
  while (!peer.session.answering()) {
    auto next = answer_next(peer.session, settings_, *catalogue_, requests_);
    if (!next) return;
    trace(now, TraceKind::note, requests_, std::move(next->told));
    peer.served += peer.body_length;
    peer.body_from = peer.written + next->answer.head.size();
    peer.body_length = next->answer.length;
    peer.told = 0;
    peer.session.begin(std::move(next->answer), now);
    write_answer(peer, now);
  }
}

void HttpServer::write_answer(Peer& peer, base::Instant now) {
  while (const std::size_t room = peer.connection.useful_room()) {
    const base::Bytes bytes = peer.session.take(room, now);
    if (bytes.empty()) return;
    peer.written += peer.connection.write(bytes, now);
    peer.idle_since = now;
  }
}

void HttpServer::end_answers(Peer& peer, base::Instant now) {
  const bool idle = !peer.session.answering() && peer.connection.unacknowledged() == 0;
  const bool too_long = idle && now >= peer.idle_since + settings_.keep_alive;
  if (peer.session.then() == HttpAnswer::Then::reset) {
    // Whoever wrote the last byte waits until it has arrived; so the fault is at that byte.
    if (!idle) return;
    trace_end(peer, " reason=fault", now);
    peer.connection.abort();
    peer.forget_at = now;
    return;
  }
  const bool ended = peer.session.then() == HttpAnswer::Then::close;
  if (ended || too_long || (idle && peer.connection.remote_closed())) peer.connection.close(now);
}

std::uint64_t HttpServer::body_acknowledged(const Peer& peer) {
  const std::uint64_t acknowledged = peer.written - peer.connection.unacknowledged();
  const std::uint64_t behind_head =
      acknowledged > peer.body_from ? acknowledged - peer.body_from : 0;
  return std::min(behind_head, peer.body_length);
}

void HttpServer::tell_progress(Peer& peer, base::Instant now) {
  const std::uint64_t reached = body_acknowledged(peer);
  const bool last = reached == peer.body_length && reached > peer.told;
  if (!last && reached / kProgressEvery == peer.told / kProgressEvery) return;
  peer.told = reached;
  peer.idle_since = now;
  trace(now, TraceKind::progress, reached, fmt::format("http of={}", peer.body_length));
}

void HttpServer::collect(Peer& peer) {
  for (base::Packet& packet : peer.connection.take_packets()) {
    outputs_.emplace_back(SendPacket{std::move(packet)});
  }
}

void HttpServer::advance(base::Instant now) {
  for (auto& [ends, peer] : peers_) {
    const bool failed = peer.connection.failed();
    peer.connection.advance(now);
    if (!failed && peer.connection.failed()) {
      trace_end(peer, " reason=no-answer", now);
      peer.forget_at = now;
    }
    serve(peer, now);
  }
  forget_finished(now);
}

void HttpServer::forget_finished(base::Instant now) {
  for (auto& [ends, peer] : peers_) {
    if (peer.forget_at || !peer.connection.all_sent()) continue;
    trace_end(peer, "", now);
    peer.forget_at = now + kKeptAfterClose;
  }
  std::erase_if(peers_, [now](const auto& each) {
    return each.second.forget_at && *each.second.forget_at <= now;
  });
}

std::optional<base::Instant> HttpServer::due(const Peer& peer) const {
  std::optional<base::Instant> first = peer.forget_at;
  const bool idle = !peer.session.answering() && peer.connection.unacknowledged() == 0;
  std::optional<base::Instant> keep_alive;
  if (idle && !peer.forget_at && peer.connection.connected() && !peer.connection.closing()) {
    keep_alive = peer.idle_since + settings_.keep_alive;
  }
  for (const auto at : {peer.connection.wake_time(), peer.session_wake, keep_alive}) {
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

std::optional<base::Instant> HttpServer::wake_time() const {
  std::optional<base::Instant> first;
  for (const auto& [ends, peer] : peers_) {
    const auto at = due(peer);
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

std::vector<Output> HttpServer::take_outputs() { return std::exchange(outputs_, {}); }

}  // namespace rig::ota
