// The switch channels that must all be off for a board (or its modem) to be without power, and what
// it takes to believe that it is. Pure: orders out, results and signs of life in, `now` handed in;
// workers carry the orders out.
//
//   on --cut()--> cutting --all legs off--> proving --silent, and sensed off--> off
//   proving --prove_within--> unproven       off --a sign of life--> unproven
//   off, unproven --restore(), not before shortest_off--> restoring --all legs on--> settling
//   settling --settle--> on                  cutting, restoring --a leg fails--> faulted
//   any --make_safe()--> securing --all legs off--> unproven; --a leg fails--> faulted
//
// A cut ends in one of three ways: proven, void (switched, but nothing proves that the board lost
// its power), rig fault (a switch failed; its first cause stays). None of them says anything about
// the device. Before cut() the caller releases what else feeds the board: console TX, probe, modem
// UART.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "power/worker.h"

namespace rig::power {

// Which contact the board's supply runs through: through the normally closed one, a relay without
// coil current feeds the board.
enum class Wiring : std::uint8_t { normally_open, normally_closed };

struct ChannelKey {
  std::string power_switch;  // its name on the bench
  Channel channel;

  auto operator<=>(const ChannelKey&) const = default;
};

struct Leg {
  ChannelKey key;
  Wiring wiring{Wiring::normally_open};
  std::uint64_t cycles{0};        // switched on so far, from the journal
  std::uint32_t rated_cycles{0};  // 0 = does not wear
};

// What the coil has to do for the board to have power, or none.
[[nodiscard]] Level coil_level(Wiring wiring, Level power);

struct DomainRules {
  Duration shortest_off{};  // from the last contact's opening; covers bleeding the capacitors
  Duration settle{};        // after power is back, before the board is asked for anything
  // Proof of off: the console says nothing for `silence`, and a declared sense (supply measured,
  // sense input, modem lost) says off, both within `prove_within` of the last contact's opening.
  Duration silence{};
  bool has_sense{false};
  Duration prove_within{};
};

// To be carried out by the worker of `key.power_switch`; `level` is the coil's, wiring applied.
struct LegOrder {
  std::size_t leg{};
  ChannelKey key;
  Level level{Level::off};
};

// Power was lost at some moment in here: the last of parallel feeds decides.
struct ProvenCut {
  Moment not_before{};
  Moment not_after{};
  Moment last_sign_of_life{};  // hold-up: the last console byte or sense of "on"; or not_after
};
enum class VoidReason : std::uint8_t { console_talks, sense_says_on, sense_is_mute };
struct VoidCut {
  VoidReason reason{};
  Moment last_sign_of_life{};
};
struct DomainFault {
  LegOrder order;
  Failure failure;  // the first cause
};
using CutOutcome = std::variant<std::monostate, ProvenCut, VoidCut, DomainFault>;

// What a relay contact has behind it.
struct Wear {
  ChannelKey key;
  std::uint64_t cycles{};
  std::uint32_t rated_cycles{};

  [[nodiscard]] bool due() const;  // 90 % of its rated life is used
};

class PowerDomain {
 public:
  enum class State : std::uint8_t {
    on,
    cutting,
    proving,
    off,
    restoring,
    settling,
    securing,
    unproven,
    faulted
  };

  // The board is taken to be powered. No legs, one leg twice, or negative times are a
  // base::UsageError; `name` is the domain's, for it.
  PowerDomain(const std::string& name, std::vector<Leg> legs, DomainRules rules);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::vector<Leg>& legs() const { return legs_; }
  [[nodiscard]] std::vector<Wear> wear() const;

  // All legs at once. Only when on.
  [[nodiscard]] std::vector<LegOrder> cut();
  // Empty until the domain is off (or unproven) and has been for shortest_off.
  [[nodiscard]] std::optional<Moment> earliest_restore() const;
  // Only when off or unproven, not before earliest_restore(). The outcome of the cut is forgotten.
  [[nodiscard]] std::vector<LegOrder> restore(Moment now);
  // Orders that leave every leg off, from any state: after a fault, at the end, on the way out. The
  // outcome of the last cut stays.
  [[nodiscard]] std::vector<LegOrder> make_safe();

  // A result that comes late, of an order that was overtaken by another, changes nothing but wear.
  void leg_done(const LegOrder& order, const SwitchResult& result);
  // The last byte of the console; at any time. One that was told before is no new sign of life.
  void console_spoke(Moment at);
  // What the declared sense says; at any time.
  void sensed(Level level, Moment at);
  void advance(Moment now);
  // When advance() has something to do next.
  [[nodiscard]] std::optional<Moment> wake_time() const;

  // Of the last cut; monostate while it is under way.
  [[nodiscard]] const CutOutcome& outcome() const { return outcome_; }

 private:
  [[nodiscard]] std::vector<LegOrder> order_all(Level power);
  [[nodiscard]] bool all_done() const;
  [[nodiscard]] Moment silent_since() const;
  [[nodiscard]] bool proven(Moment now) const;
  [[nodiscard]] VoidReason missing(Moment now) const;
  void legs_obeyed();
  void retract(VoidReason reason, Moment at);
  void fail(const LegOrder& order, const Failure& failure);

  std::vector<Leg> legs_;
  DomainRules rules_;
  State state_{State::on};
  std::vector<std::optional<Switched>> done_;  // of the orders under way, per leg
  Moment not_before_{};
  Moment not_after_{};
  std::optional<Moment> last_byte_;
  Level power_wanted_{Level::on};
  std::optional<Level> sense_;
  Moment sensed_at_{};
  std::optional<Moment> last_sensed_on_;
  CutOutcome outcome_;
};

}  // namespace rig::power
