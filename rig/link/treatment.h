// What the impairments of a profile do to each packet that is offered, before it comes to the
// queue. A value with its own random numbers: an impairment of one direction never changes what
// another one, or the other direction, draws. Replace is not for here: it changes paths, not
// packets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/network.h"
#include "base/random.h"
#include "base/time.h"
#include "link/impairment.h"
#include "link/nat.h"
#include "link/window.h"

namespace rig::link {

struct Treated {
  base::Packet packet;
  base::Duration late{};
  bool overtaken{false};
  bool returned{false};  // goes back to the sender, as if from the other end
  enum class Fate : std::uint8_t { passes, lost, vanished } fate{Fate::passes};
  std::string reason{};  // when it does not pass
};

// Of one connection, for one impairment: in one direction, or for Divert from the device's end.
struct FlowState {
  base::Protocol protocol{base::Protocol::tcp};
  base::Endpoint source;
  base::Endpoint destination;
  std::uint64_t passed{0};  // payload bytes
  bool over{false};         // nothing passes any more
  std::optional<base::Instant> stalled_at{};
};

struct ImpairmentState {
  struct Way {
    base::Random random;
    std::uint64_t matched{0};
    base::Instant last_match{};
    std::uint64_t in_burst{0};
  };
  Way up;
  Way down;
  std::vector<FlowState> flows;
  NatTable bindings;
};

class Treatment {
 public:
  Treatment(const std::vector<Impairment>& impairments, std::uint64_t seed);

  // Both must be of the profile given to the constructor. The packet, its pieces and copies, and
  // what is sent back.
  [[nodiscard]] std::vector<Treated> treat(const std::vector<Impairment>& impairments,
                                           base::Direction direction, base::Packet packet,
                                           const Conditions& is);
  // As NatTable::inside, of every router among the impairments.
  [[nodiscard]] base::Endpoint inside(base::Protocol protocol, base::Endpoint outside) const;

 private:
  std::vector<ImpairmentState> states_;
};

[[nodiscard]] bool matches(const Match& match, base::Direction direction,
                           const base::Packet& packet);

}  // namespace rig::link
