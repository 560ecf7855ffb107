#include "ota/update_server.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace rig::ota {

namespace {

constexpr std::uint16_t kProgressEvery = 32;

}  // namespace

UpdateServer::UpdateServer(const Catalogue& catalogue, ServerSettings settings)
    : catalogue_(&catalogue), settings_(settings) {
  for (const CatalogueEntry& entry : catalogue) {
    RIG_ASSERT(!entry.image.empty() && entry.image.size() <= 0xFFFF * kChunkBytes);
  }
}

void UpdateServer::set_target(Target target, base::Instant now) {
  if (target != target_) {
    target_ = target;
    reached_ = false;
    offered_.clear();
  }
  decide(now);
}

void UpdateServer::receive(const base::Packet& packet, base::Instant now) {
  if (packet.protocol != base::Protocol::udp || packet.destination != settings_.address) return;
  const auto datagram = decode_datagram(packet.payload);
  if (!datagram) return;
  if (datagram->type == MessageType::ack) {
    on_ack(*datagram, now);
  } else if (datagram->type == MessageType::rst) {
    on_reset(*datagram, now);
  } else if (datagram->code == Code::hello) {
    on_hello(*datagram, packet.source, now);
  } else {
    on_request(*datagram, packet.source, now);
  }
}

void UpdateServer::advance(base::Instant now) {
  while (session_ && session_->pending && session_->pending->due() <= now) {
    if (!session_->pending->repeat()) {
      lose_session(fmt::format("no-answer code={}", name_of(session_->pending->code())), now);
      return;
    }
    send(session_->pending->bytes(), session_->device);
  }
  pump(now);
}

std::optional<base::Instant> UpdateServer::wake_time() const {
  if (!session_) return std::nullopt;
  if (session_->pending) return session_->pending->due();
  // Confirmed chunks are driven by their acknowledgements; without a CON under way there is only
  // the pacing of fast mode, whose first pass ends with DONE.
  if (settings_.mode != TransferMode::fast || !session_->transfer) return std::nullopt;
  const bool sending = session_->transfer->phase() == Transfer::Phase::sending;
  if (!sending && !session_->transfer->has_next()) return std::nullopt;
  return session_->next_chunk_at;
}

std::vector<Output> UpdateServer::take_outputs() { return std::exchange(outputs_, {}); }

void UpdateServer::on_hello(const Datagram& datagram, base::Endpoint source, base::Instant now) {
  const auto hello = decode_hello(datagram.payload);
  if (!hello) return;
  acknowledge(datagram, Code::ok, source);
  const bool repeated = session_ && !session_->describe && session_->hello == *hello &&
                        session_->hello_id == datagram.id;
  if (repeated) {
    session_->device = source;
    return;
  }
  if (session_) lose_session("new-session", now);
  session_.emplace();
  session_->hello = *hello;
  session_->hello_id = datagram.id;
  session_->device = source;
  const char* mode = hello->mode == DeviceMode::safe ? "safe" : "normal";
  trace({now, TraceKind::session, 0,
         fmt::format("hello mode={} session={:x} reset={}", mode, hello->session,
                     hello->reset_reason)});
}

void UpdateServer::on_request(const Datagram& datagram, base::Endpoint source, base::Instant now) {
  if (!session_) return;
  session_->device = source;
  const bool confirmable = datagram.type == MessageType::con;
  if (confirmable) {
    if (const auto before = session_->answered.answer_to(datagram.id)) {
      acknowledge(datagram, *before, source);
      return;
    }
  }
  const auto request = request_from(datagram);
  if (!request) {
    trace({now, TraceKind::note, 0, fmt::format("malformed {}", name_of(datagram.code))});
  }
  if (confirmable) {
    const Code answer = request ? Code::ok : Code::refused;
    session_->answered.remember(datagram.id, answer);
    acknowledge(datagram, answer, source);
  }
  if (request) std::visit([&](const auto& asked) { act(asked, now); }, *request);
}

void UpdateServer::on_ack(const Datagram& datagram, base::Instant now) {
  if (!session_ || !session_->pending || session_->pending->id() != datagram.id) return;
  session_->pending.reset();
  if (!session_->transfer) return;
  if (datagram.code == Code::refused) {
    refused(now);
    return;
  }
  pump(now);
}

void UpdateServer::on_reset(const Datagram& datagram, base::Instant now) {
  if (!session_ || !session_->pending || session_->pending->id() != datagram.id) return;
  lose_session("reset", now);
}

void UpdateServer::act(const Describe& describe, base::Instant now) {
  session_->describe = describe;
  session_->settled = false;
  trace({now, TraceKind::describe, 0, summary_of(describe)});
  decide(now);
}

void UpdateServer::act(const Ping&, base::Instant) {}

void UpdateServer::act(const DeviceEvent& event, base::Instant now) {
  trace({now, TraceKind::note, 0, "event " + event.text});
}

// READY, MISSING and RESULT prove that the CON before them arrived, even when its ACK was lost.
void UpdateServer::act(const Ready&, base::Instant now) {
  auto& transfer = session_->transfer;
  if (!transfer || transfer->phase() != Transfer::Phase::offered) return;
  session_->pending.reset();
  transfer->ready();
  session_->next_chunk_at = now;
  pump(now);
}

void UpdateServer::act(const Missing& missing, base::Instant now) {
  auto& transfer = session_->transfer;
  if (!transfer) return;
  if (transfer->phase() == Transfer::Phase::finishing) {
    session_->pending.reset();
    transfer->repairing();
  }
  if (transfer->phase() != Transfer::Phase::repairing) return;
  transfer->ask_for(missing);
  trace(
      {now, TraceKind::note, missing.indices.size(),
       fmt::format("repair chunks={} first={}", missing.indices.size(), missing.indices.front())});
  session_->next_chunk_at = std::max(session_->next_chunk_at, now);
  pump(now);
}

void UpdateServer::act(const ResultReport& result, base::Instant now) {
  if (!session_->transfer) return;
  trace({now, TraceKind::result, result.code,
         fmt::format("{} code={}", module_text(session_->transfer->entry()), result.code)});
  session_->transfer.reset();
  session_->pending.reset();
  session_->settled = true;
}

void UpdateServer::decide(base::Instant now) {
  if (!session_ || !session_->describe) return;
  const Describe& describe = *session_->describe;
  if (!reached_ && target_reached(target_, describe)) {
    reached_ = true;
    trace({now, TraceKind::note, 0, "target reached"});
  }
  if (session_->transfer || session_->settled) return;
  const PushPlan plan = plan_push({.catalogue = *catalogue_,
                                   .describe = describe,
                                   .target = target_,
                                   .offered = offered_,
                                   .mode = session_->hello.mode,
                                   .healing = settings_.healing,
                                   .offers = settings_.offers});
  for (const std::string& note : plan.notes) trace({now, TraceKind::note, 0, note});
  if (plan.next) offer(*plan.next, now);
}

void UpdateServer::offer(const Push& push, base::Instant now) {
  const CatalogueEntry& entry = *push.entry;
  const std::uint32_t attempt = ++offered_[{entry.function, entry.version}];
  if (!push.healing.empty()) trace({now, TraceKind::healing, 0, push.healing});
  trace({now, TraceKind::offer, attempt,
         fmt::format("{} len={} attempt={}", module_text(entry), entry.image.size(), attempt)});
  session_->transfer.emplace(entry);
  const bool fetched = settings_.mode == TransferMode::fetched;
  send_con(Code::begin,
           encode(Begin{.fast = settings_.mode == TransferMode::fast,
                        .fetch = fetched,
                        .length = static_cast<std::uint32_t>(entry.image.size()),
                        .address = fetched ? entry.version : start_address_of(entry)}),
           now);
}

void UpdateServer::refused(base::Instant now) {
  trace({now, TraceKind::note, 0,
         "refused by the device: " + module_text(session_->transfer->entry())});
  session_->transfer.reset();
  session_->settled = true;
}

void UpdateServer::pump(base::Instant now) {
  if (!session_ || !session_->transfer || session_->pending) return;
  if (settings_.mode == TransferMode::fetched) return;
  if (settings_.mode == TransferMode::fast) {
    pump_fast(now);
  } else if (const auto index = session_->transfer->next_chunk()) {
    send_chunk(*index, now);
  } else if (session_->transfer->phase() == Transfer::Phase::sending) {
    send_done(now);
  }
}

void UpdateServer::pump_fast(base::Instant now) {
  Transfer& transfer = *session_->transfer;
  while (session_->next_chunk_at <= now) {
    const auto index = transfer.next_chunk();
    if (!index) break;
    send_chunk(*index, now);
    session_->next_chunk_at += settings_.chunk_interval;
  }
  const bool all_sent = transfer.phase() == Transfer::Phase::sending && !transfer.has_next();
  if (all_sent && session_->next_chunk_at <= now) send_done(now);
}

void UpdateServer::send_chunk(std::uint16_t index, base::Instant now) {
  const Transfer& transfer = *session_->transfer;
  const bool first_pass = transfer.phase() == Transfer::Phase::sending;
  if (first_pass && index != 0 && index % kProgressEvery == 0) {
    trace({now, TraceKind::progress, index,
           fmt::format("{} of={}", module_text(transfer.entry()), transfer.chunk_count())});
  }
  base::Bytes payload = encode(transfer.chunk(index));
  if (settings_.mode == TransferMode::confirmed) {
    send_con(Code::chunk, std::move(payload), now);
    return;
  }
  send(encode(Datagram{MessageType::non, Code::chunk, next_id_++, std::move(payload)}),
       session_->device);
}

void UpdateServer::send_done(base::Instant now) {
  session_->transfer->finishing();
  send_con(Code::done, {}, now);
}

void UpdateServer::lose_session(const std::string& reason, base::Instant now) {
  trace({now, TraceKind::session, 0, "gone reason=" + reason});
  session_.reset();
}

void UpdateServer::send(const base::Bytes& datagram, base::Endpoint to) {
  outputs_.emplace_back(SendPacket{base::Packet{
      .source = settings_.address, .destination = to, .payload = datagram, .header = {}}});
}

void UpdateServer::send_con(Code code, base::Bytes payload, base::Instant now) {
  session_->pending.emplace(Datagram{MessageType::con, code, next_id_++, std::move(payload)}, now);
  send(session_->pending->bytes(), session_->device);
}

void UpdateServer::acknowledge(const Datagram& datagram, Code answer, base::Endpoint to) {
  if (datagram.type != MessageType::con) return;
  send(encode(Datagram{MessageType::ack, answer, datagram.id, {}}), to);
}

void UpdateServer::trace(Trace entry) { outputs_.emplace_back(std::move(entry)); }

}  // namespace rig::ota
