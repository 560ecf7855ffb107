// One planned loss of power, and the one-line plan id that names a cycle for replay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/network.h"
#include "base/time.h"

namespace rig::record {

struct Domains {
  bool board{true};
  bool modem{false};
  bool operator==(const Domains&) const = default;
};

// Triggers count from the first offer of the update under test.
struct TimeTrigger {
  base::Duration after{};
  bool operator==(const TimeTrigger&) const = default;
};
struct PhaseTrigger {
  std::string phase;
  bool leaving{false};
  bool operator==(const PhaseTrigger&) const = default;
};
struct ConsoleTrigger {
  std::string pattern;     // RE2 syntax, searched within a line
  std::uint32_t match{1};  // k-th matching line, 1..
  bool operator==(const ConsoleTrigger&) const = default;
};
struct BytesTrigger {
  base::Direction direction{base::Direction::down};
  std::uint64_t bytes{};  // wire bytes delivered in that direction
  bool operator==(const BytesTrigger&) const = default;
};
enum class OpMoment : std::uint8_t { before, during, after };
struct FlashOpTrigger {
  std::uint64_t op{};  // 1.. : n-th program or erase operation
  OpMoment moment{OpMoment::during};
  bool operator==(const FlashOpTrigger&) const = default;
};
// A place in one module of the firmware under test, by the name the linker gave it:
// "bootloader/board_flash_program".
struct CodeSymbol {
  std::string module;  // "bootloader", "system" or "user"
  std::string name;
  bool operator==(const CodeSymbol&) const = default;
};
// Before the first instruction of a function, at its n-th call.
struct SymbolTrigger {
  CodeSymbol symbol;
  std::uint64_t hit{1};  // 1..
  bool operator==(const SymbolTrigger&) const = default;
};
enum class WatchAccess : std::uint8_t { write, read, access };
// At the n-th access to a variable; a debugger stops behind the instruction that made it.
struct WatchTrigger {
  CodeSymbol symbol;
  WatchAccess access{WatchAccess::write};
  std::uint64_t hit{1};  // 1..
  bool operator==(const WatchTrigger&) const = default;
};
using Trigger = std::variant<TimeTrigger, PhaseTrigger, ConsoleTrigger, BytesTrigger,
                             FlashOpTrigger, SymbolTrigger, WatchTrigger>;

// What the flash operation in flight leaves behind. `amount` per kind: prefix: 16-bit half words of
// a word already programmed (program unit halves), or permille of a sector for an erase; partial
// bits, metastable, neighbour: seed; partial erase: permille of the sector that is erased, from its
// start. What each does exactly: simulator/flash_op.h, flash_marks.h.
enum class TornKind : std::uint8_t {
  old_state,  // the operation never started
  new_state,  // done, the caller was never told
  prefix,
  partial_bits,  // a seeded subset of the bits that had to change
  one_bit,
  all_but_one_bit,
  partial_erase,
  metastable,  // bits that had to change read as one or zero by chance, until they are rewritten
  bad_ecc,     // the ECC of what was in work is wrong: reading it raises the part's fault
  neighbour,   // as before, but a bit beside it has changed
  dropped,     // done; the operation before it, reported done, never was
};
struct TornModel {
  TornKind kind{TornKind::old_state};
  std::uint32_t amount{};
  bool operator==(const TornModel&) const = default;
};

// A further cut, inside the recovery from the one before.
struct NextCut {
  std::uint64_t op{};  // 1.. : n-th program or erase operation since power came back
  TornModel torn;
  bool operator==(const NextCut&) const = default;
};

struct CutPlan {
  Trigger trigger{FlashOpTrigger{}};
  base::Duration offset{};  // after the trigger; zero for flash-op
  base::Duration dither{};  // seeded uniform 0..dither added to offset
  Domains domains;
  base::Duration off_for{std::chrono::seconds(2)};
  // Power returns at a whole multiple of this since the cycle began, once off_for is over; zero: at
  // once. Cuts at different instants then find the same time of day when they come back.
  base::Duration grid{};
  TornModel torn;
  std::vector<NextCut> then{};  // the same domains, as long without power
  bool operator==(const CutPlan&) const = default;
};

// Names a cycle completely: scenario (path below scenarios/ without .yaml, or a file path),
// firmware hash, cut (absent: control run) and seed. Printed without blanks or shell
// metacharacters, e.g.
//   electron/0.7.0-third-party-both@3fa1b2c4d5e6:flash-op=18234.during:torn=prefix.1:
//   cut=board+modem:off=2000ms:seed=7            (on one line)
// `link`: a profile in place of the whole link of the scenario, printed as ":link=edge" before the
// seed; empty: the scenario's.
// Further cuts follow as then=OP.TORN, several joined by '+': then=17.new+3.prefix.1.
struct PlanId {
  std::string scenario;
  std::string firmware;  // short hash over every image the cycle uses
  std::optional<CutPlan> cut;
  std::uint64_t seed{};
  std::string link{};
  bool operator==(const PlanId&) const = default;
};

// When power returns from a cut at `at`.
[[nodiscard]] base::Instant return_of_power(const CutPlan& cut, base::Instant at);

[[nodiscard]] std::string to_text(const PlanId& plan);
[[nodiscard]] std::string to_text(const CutPlan& cut);
[[nodiscard]] std::string trigger_name(const Trigger& trigger);  // "flash-op"
[[nodiscard]] std::string to_text(const CodeSymbol& symbol);     // "system/cloud_receive"
// Empty when the text is no "module/name".
[[nodiscard]] std::optional<CodeSymbol> code_symbol_from(std::string_view text);
[[nodiscard]] std::string to_text(Domains domains);  // "board+modem"
[[nodiscard]] std::string to_text(TornModel torn);   // "prefix.1"
// Empty when the text is no plan id; `to_text(*plan_id_from(t)) == t`.
[[nodiscard]] std::optional<PlanId> plan_id_from(std::string_view text);
// The cut part alone, as --cut takes it: "flash-op=18234.during:torn=prefix.1:cut=board:off=2s".
[[nodiscard]] std::optional<CutPlan> cut_plan_from(std::string_view text);

}  // namespace rig::record
