#include "link/treatment.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rig::link {
namespace {

using base::Direction;
using base::Duration;
using base::Instant;
using base::Packet;
using base::Protocol;
using Fate = Treated::Fate;

// Its flags, but for those that say nothing of what it is for: PSH, and ECE and CWR of whoever
// marks congestion.
std::uint8_t kind_of(const Packet& packet) {
  constexpr std::uint8_t kKinds = base::kTcpFin | base::kTcpSyn | base::kTcpRst | base::kTcpAck;
  return packet.tcp_flags & kKinds;
}

bool contains(const base::Bytes& payload, const std::string& text) {
  const auto same = [](std::uint8_t byte, char letter) {
    return byte == static_cast<std::uint8_t>(letter);
  };
  return text.empty() || std::search(payload.begin(), payload.end(), text.begin(), text.end(),
                                     same) != payload.end();
}

bool is_picked(const Pick& pick, ImpairmentState::Way& way, Instant now) {
  const bool same_burst = way.matched > 0 && now - way.last_match <= pick.burst_gap;
  way.in_burst = same_burst ? way.in_burst + 1 : 1;
  way.last_match = now;
  const std::uint64_t number = ++way.matched;
  const bool in_a_range = std::ranges::any_of(pick.packets, [number](const Pick::Range& range) {
    return range.first <= number && number <= range.last;
  });
  return (pick.packets.empty() || in_a_range) && (pick.every == 0 || number % pick.every == 0) &&
         (pick.burst_from == 0 || way.in_burst >= pick.burst_from) &&
         (pick.chance >= 1 || way.random.unit() < pick.chance);
}

// A visitor: what one effect makes of one packet that it is for. `out` takes what it becomes.
class Effects {
 public:
  Effects(const Impairment& impairment, ImpairmentState& state, Direction direction, Instant now)
      : impairment_(impairment), state_(state), direction_(direction), now_(now) {}

  void apply(Treated packet, std::vector<Treated>& out) {
    out_ = &out;
    packet_ = std::move(packet);
    std::visit(*this, impairment_.effect);
  }

  void operator()(const Vanish&) { stop(Fate::vanished, impairment_.name); }
  void operator()(const Lose&) { stop(Fate::lost, impairment_.name); }
  void operator()(const Mark&) {
    if (packet_.packet.ecn != base::kNotEcnCapable) {
      packet_.packet.ecn = base::kCongestionExperienced;
    }
    pass();
  }
  void operator()(const Corrupt& corrupt) {
    if (!corrupt.unnoticed) return stop(Fate::lost, "checksum");
    base::Bytes& payload = packet_.packet.payload;
    for (std::uint32_t i = 0; i < corrupt.bits && !payload.empty(); ++i) {
      const std::uint64_t bit = way().random.below(payload.size() * 8);
      payload[bit / 8] = static_cast<std::uint8_t>(payload[bit / 8] ^ (1U << (bit % 8)));
    }
    pass();
  }
  void operator()(const Truncate& truncate) {
    base::Bytes& payload = packet_.packet.payload;
    payload.resize(std::min<std::size_t>(payload.size(), truncate.payload_bytes));
    pass();
  }
  void operator()(const Duplicate& duplicate) {
    for (std::uint32_t i = 0; i < duplicate.copies; ++i) out_->push_back(packet_);
    pass();
  }
  void operator()(const Delay& delay) {
    packet_.late += delay.by;
    packet_.overtaken = packet_.overtaken || delay.overtaken;
    pass();
  }
  void operator()(const ClampMss& clamp) {
    std::uint16_t& mss = packet_.packet.mss;
    if ((packet_.packet.tcp_flags & base::kTcpSyn) != 0) mss = std::min(mss, clamp.bytes);
    pass();
  }
  void operator()(const ClampWindow& clamp) {
    packet_.packet.window = std::min(packet_.packet.window, clamp.bytes);
    pass();
  }
  void operator()(const Reset& reset);
  void operator()(const Finish& finish);
  void operator()(const Stall& stall);
  void operator()(const Slice& slice);
  void operator()(const Replace&) { pass(); }
  void operator()(const Nat& nat);
  void operator()(const Names& names);
  void operator()(const Divert& divert);

 private:
  ImpairmentState::Way& way() { return direction_ == Direction::up ? state_.up : state_.down; }
  FlowState& flow();
  void pass() { out_->push_back(std::move(packet_)); }
  void stop(Fate fate, std::string reason) {
    packet_.fate = fate;
    packet_.reason = std::move(reason);
    pass();
  }
  [[nodiscard]] std::uint64_t payload() const { return packet_.packet.payload.size(); }

  const Impairment& impairment_;
  ImpairmentState& state_;
  Direction direction_;
  Instant now_;
  Treated packet_;
  std::vector<Treated>* out_{};
};

// A SYN begins a connection anew, also between the same ports.
FlowState& Effects::flow() {
  const Packet& packet = packet_.packet;
  const auto found = std::ranges::find_if(state_.flows, [&](const FlowState& each) {
    return each.source == packet.source && each.destination == packet.destination;
  });
  if (found == state_.flows.end()) {
    state_.flows.push_back({.source = packet.source, .destination = packet.destination});
    return state_.flows.back();
  }
  if ((packet.tcp_flags & base::kTcpSyn) != 0) {
    *found = {.source = packet.source, .destination = packet.destination};
  }
  return *found;
}

// RFC 9293 section 3.5.2: each end takes a RST whose sequence number it waits for.
void Effects::operator()(const Reset& reset) {
  FlowState& is = flow();
  is.passed += payload();
  if (is.over) return stop(Fate::vanished, impairment_.name);
  if (is.passed <= reset.after) return pass();
  is.over = true;
  Treated back{.packet = packet_.packet, .returned = true};
  std::swap(back.packet.source, back.packet.destination);
  back.packet.sequence = packet_.packet.acknowledgement;
  back.packet.acknowledgement = packet_.packet.sequence;
  for (Packet* each : {&back.packet, &packet_.packet}) {
    each->payload.clear();
    each->tcp_flags = base::kTcpRst | base::kTcpAck;
  }
  out_->push_back(std::move(back));
  pass();
}

void Effects::operator()(const Finish& finish) {
  FlowState& is = flow();
  if (is.over) return stop(Fate::vanished, impairment_.name);
  const std::uint64_t room = finish.after - std::min(finish.after, is.passed);
  is.passed += payload();
  if (payload() == 0 || is.passed < finish.after) return pass();
  is.over = true;
  packet_.packet.payload.resize(std::min(payload(), room));
  packet_.packet.tcp_flags |= base::kTcpFin;
  pass();
}

void Effects::operator()(const Stall& stall) {
  FlowState& is = flow();
  is.passed += payload();
  if (is.passed <= stall.after) return pass();
  if (!is.stalled_at) is.stalled_at = now_;
  const bool for_good = stall.length == Duration::zero();
  if (for_good || now_ < *is.stalled_at + stall.length) {
    return this->stop(Fate::vanished, impairment_.name);
  }
  pass();
}

void Effects::operator()(const Slice& slice) {
  if (packet_.packet.protocol != Protocol::tcp) return pass();
  while (payload() > slice.payload_bytes) {
    Treated piece = packet_;
    piece.packet.payload.resize(slice.payload_bytes);
    piece.packet.tcp_flags &= static_cast<std::uint8_t>(~base::kTcpFin);
    base::Bytes& left = packet_.packet.payload;
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(slice.payload_bytes));
    packet_.packet.sequence += static_cast<std::uint32_t>(slice.payload_bytes);
    out_->push_back(std::move(piece));
  }
  pass();
}

void Effects::operator()(const Nat& nat) {
  if (direction_ == Direction::up) {
    state_.bindings.up(nat, packet_.packet, now_);
  } else if (!state_.bindings.down(nat, packet_.packet, now_)) {
    return stop(Fate::vanished, impairment_.name);
  }
  pass();
}

void Effects::operator()(const Names& names) {
  const Packet& packet = packet_.packet;
  const bool to_resolver = direction_ == Direction::up && packet.protocol == Protocol::udp &&
                           packet.destination.port == base::kDnsPort;
  if (!to_resolver || !base::dns_question(packet.payload)) return pass();
  Treated back{.packet = packet, .returned = true};
  std::swap(back.packet.source, back.packet.destination);
  const bool knows = names.address != 0;
  back.packet.payload = base::dns_answer(packet.payload, knows ? base::DnsCode::good : names.code,
                                         knows ? std::optional(names.address) : std::nullopt);
  out_->push_back(std::move(back));
  stop(Fate::vanished, impairment_.name);
}

// The first packet of a connection that the window and the match are for; what follows it is known.
void Effects::operator()(const Divert& divert) {
  Packet& packet = packet_.packet;
  const bool begins = packet.protocol == Protocol::udp || kind_of(packet) == base::kTcpSyn;
  if (direction_ == Direction::up && begins) {
    state_.flows.push_back(
        {.protocol = packet.protocol, .source = packet.source, .destination = packet.destination});
    packet.destination = divert.to;
  }
  pass();
}

// Of a connection that was led elsewhere when it began. A SYN begins anew.
bool is_diverted(const Divert& divert, ImpairmentState& state, Direction direction,
                 Packet& packet) {
  const bool up = direction == Direction::up;
  const auto found = std::ranges::find_if(state.flows, [&](const FlowState& each) {
    if (each.protocol != packet.protocol) return false;
    return up ? each.source == packet.source && each.destination == packet.destination
              : packet.source == divert.to && each.source == packet.destination;
  });
  if (found == state.flows.end()) return false;
  if (up && packet.protocol == Protocol::tcp && kind_of(packet) == base::kTcpSyn) {
    state.flows.erase(found);
    return false;
  }
  (up ? packet.destination : packet.source) = up ? divert.to : found->destination;
  return true;
}

// These follow connections and have to see all of their packets.
bool follows_connections(const Effect& effect) {
  return std::holds_alternative<Reset>(effect) || std::holds_alternative<Finish>(effect) ||
         std::holds_alternative<Stall>(effect);
}

}  // namespace

bool matches(const Match& match, Direction direction, const Packet& packet) {
  const bool tcp = packet.protocol == Protocol::tcp;
  const auto has = [&](std::uint8_t flag) { return tcp && (packet.tcp_flags & flag) != 0; };
  return (!match.direction || *match.direction == direction) &&
         (!match.protocol || *match.protocol == packet.protocol) &&
         (match.port == 0 || packet.source.port == match.port ||
          packet.destination.port == match.port) &&
         (!match.syn || has(base::kTcpSyn)) && (!match.fin || has(base::kTcpFin)) &&
         (!match.ack_only || (tcp && kind_of(packet) == base::kTcpAck && packet.payload.empty())) &&
         packet.wire_bytes() > match.larger_than && contains(packet.payload, match.contains);
}

Treatment::Treatment(const std::vector<Impairment>& impairments, std::uint64_t seed) {
  for (std::size_t i = 0; i < impairments.size(); ++i) {
    const std::string which = "impairment " + std::to_string(i);
    states_.push_back({.up = {.random = base::Random(base::derived_seed(seed, which + " up"))},
                       .down = {.random = base::Random(base::derived_seed(seed, which + " down"))},
                       .flows = {},
                       .bindings = {}});
  }
}

std::vector<Treated> Treatment::treat(const std::vector<Impairment>& impairments,
                                      Direction direction, Packet packet, const Conditions& is) {
  std::vector<Treated> batch;
  batch.push_back({.packet = std::move(packet)});
  for (std::size_t i = 0; i < impairments.size(); ++i) {
    const Impairment& each = impairments[i];
    const auto* divert = std::get_if<Divert>(&each.effect);
    const bool in_force = holds(each.when, is);
    if (std::holds_alternative<Replace>(each.effect) || (!in_force && divert == nullptr)) continue;
    ImpairmentState& state = states_[i];
    ImpairmentState::Way& way = direction == Direction::up ? state.up : state.down;
    Effects effects(each, state, direction, is.now);
    std::vector<Treated> next;
    for (Treated& item : batch) {
      const bool known = divert != nullptr && item.fate == Fate::passes && !item.returned &&
                         is_diverted(*divert, state, direction, item.packet);
      const bool meant =
          in_force && !known && item.fate == Fate::passes && !item.returned &&
          matches(each.which, direction, item.packet) &&
          (!follows_connections(each.effect) || item.packet.protocol == Protocol::tcp) &&
          is_picked(each.pick, way, is.now);
      if (meant) {
        effects.apply(std::move(item), next);
      } else {
        next.push_back(std::move(item));
      }
    }
    batch = std::move(next);
  }
  return batch;
}

base::Endpoint Treatment::inside(Protocol protocol, base::Endpoint outside) const {
  for (const ImpairmentState& each : states_) outside = each.bindings.inside(protocol, outside);
  return outside;
}

}  // namespace rig::link
