// What may happen to packets beyond a path's own rate, delay and loss: to which of them, when, and
// what. Plain data; treatment.h makes it happen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/dns.h"
#include "base/network.h"
#include "base/time.h"
#include "link/path.h"
#include "link/window.h"

namespace rig::link {

// Which packets. Everything must fit; a default fits always.
struct Match {
  std::optional<base::Direction> direction{};
  std::optional<base::Protocol> protocol{};
  std::uint16_t port{0};  // either end's; 0 = any
  bool syn{false};        // with this flag
  bool fin{false};
  bool ack_only{false};          // TCP without payload that only acknowledges
  std::uint64_t larger_than{0};  // wire bytes
  std::string contains{};        // these bytes somewhere in the payload

  bool operator==(const Match&) const = default;
};

// And of those that match in a window, counted from 1 per direction: all, or some.
struct Pick {
  struct Range {
    std::uint64_t first{};
    std::uint64_t last{};
    bool operator==(const Range&) const = default;
  };
  std::vector<Range> packets{};
  std::uint64_t every{0};  // every n-th; 0: no such rule
  double chance{1};
  // Packets that follow one another within `gap` are one burst; picked are those in it from the
  // n-th on. 0: no such rule.
  base::Duration burst_gap{};
  std::uint64_t burst_from{0};

  bool operator==(const Pick&) const = default;
};

// Vanishes where the link begins: it takes no time of the line. An outage, a black hole.
struct Vanish {
  bool operator==(const Vanish&) const = default;
};
// Is sent and never heard, as a loss of a path.
struct Lose {
  bool operator==(const Lose&) const = default;
};
// Gets an ECN mark if it can carry one.
struct Mark {
  bool operator==(const Mark&) const = default;
};
// Payload bits are flipped. The receiver's checksum finds that (so the packet is sent and lost),
// unless something on the way computes checksums anew.
struct Corrupt {
  std::uint32_t bits{1};
  bool unnoticed{false};
  bool operator==(const Corrupt&) const = default;
};
struct Truncate {
  std::uint64_t payload_bytes{};  // what is left
  bool operator==(const Truncate&) const = default;
};
struct Duplicate {
  std::uint32_t copies{1};
  bool operator==(const Duplicate&) const = default;
};
// Comes later. Order is kept by holding what follows as well, unless it may overtake.
struct Delay {
  base::Duration by{};
  bool overtaken{false};
  bool operator==(const Delay&) const = default;
};
// SYN packets that name a larger one.
struct ClampMss {
  std::uint16_t bytes{};
  bool operator==(const ClampMss&) const = default;
};
struct ClampWindow {
  std::uint16_t bytes{};
  bool operator==(const ClampWindow&) const = default;
};
// Of each TCP connection, when so many payload bytes have passed in this direction. Either end gets
// a RST, what follows is dropped.
struct Reset {
  std::uint64_t after{};
  bool operator==(const Reset&) const = default;
};
// The receiver gets a FIN behind that byte, what follows is dropped.
struct Finish {
  std::uint64_t after{};
  bool operator==(const Finish&) const = default;
};
// What follows is dropped, for a while or for good (0).
struct Stall {
  std::uint64_t after{};
  base::Duration length{};
  bool operator==(const Stall&) const = default;
};
// TCP segments are cut into pieces.
struct Slice {
  std::uint64_t payload_bytes{1};
  bool operator==(const Slice&) const = default;
};
// Another path altogether while the window holds, whatever the packet.
struct Replace {
  std::optional<Path> up{};
  std::optional<Path> down{};
  bool operator==(const Replace&) const = default;
};
// A router between device and server that forgets a binding when nothing was heard for a while (of
// TCP either way, else from the device), and gives the next packet up another port (RFC 4787
// section 4.3, RFC 5382). It begins with no bindings.
struct Nat {
  base::Duration timeout{};  // 0 = no router
  bool rebinds{true};        // false: the binding comes back as it was
  bool operator==(const Nat&) const = default;
};
// A box on the way answers questions for names in the resolver's place; they go no further.
struct Names {
  std::uint32_t address{};  // what it says of every name; 0: it says `code`
  base::DnsCode code{base::DnsCode::no_such_name};
  bool operator==(const Names&) const = default;
};
// Connections from the device, and what belongs to them, go to somebody else, and the device does
// not see it: a captive portal, a proxy. A connection stays where it was led when it began, also
// after the window is over.
struct Divert {
  base::Endpoint to{};
  bool operator==(const Divert&) const = default;
};

using Effect = std::variant<Vanish, Lose, Mark, Corrupt, Truncate, Duplicate, Delay, ClampMss,
                            ClampWindow, Reset, Finish, Stall, Slice, Replace, Nat, Names, Divert>;

struct Impairment {
  std::string name{};  // what a drop and the timeline call it
  Window when{};
  Match which{};
  Pick pick{};
  Effect effect{};

  bool operator==(const Impairment&) const = default;
};

}  // namespace rig::link
