// The power of one real board in real time: its switches on their workers, its power domains, the
// journal of intentions. Told what is wanted, it gets there as soon as the rules of the bench
// allow, and says what really happened: proven, unproven, failed. It knows nothing of cycles.
//
// Belongs to the thread of its loop. When it dies, however it comes to that, the board is brought
// to its safe state first.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/loop.h"
#include "io/timer.h"
#include "power/intent_journal.h"
#include "power/power_domain.h"
#include "power/switch_desk.h"
#include "record/cut_plan.h"
#include "scenario/bench.h"

namespace rig::board {

using power::SwitchOpeners;

// The legs of a board, both domains, at the level that leaves it safe.
[[nodiscard]] std::vector<power::Intent> safe_intents(const scenario::PowerSpec& spec);
// The same channels at the coil levels that give `level` of power.
[[nodiscard]] std::vector<power::Intent> intents_for(const scenario::PowerSpec& spec,
                                                     power::Level level);

class Supply {
 public:
  // Called from the loop, never from within a call of this class.
  struct Handlers {
    // Without power, and that is proven: since `at`, when the last sign of life came.
    std::function<void(record::Domains, io::Time at)> went_off{};
    std::function<void(record::Domains)> went_on{};  // contacts closed
    std::function<void(record::Domains)> settled{};  // and the supply is stable
    std::function<void(record::Domains, const std::string& why)> unproven{};
    std::function<void(const std::string& cause)> failed{};  // a switch; nothing goes on
    // When the console last said anything.
    std::function<std::optional<io::Time>()> last_byte{};
  };

  // Opens nothing yet. `desk` must outlive it. Throws base::UsageError for a board that cannot be
  // (see PowerDomain).
  Supply(io::Loop& loop, const scenario::BenchBoard& board, power::SwitchDesk& desk,
         power::IntentJournal& journal);
  ~Supply();
  Supply(const Supply&) = delete;
  Supply& operator=(const Supply&) = delete;

  void listen(Handlers handlers) { handlers_ = std::move(handlers); }
  // Opens and reads every switch once, so that the first cut does not wait for that, and notes on
  // disk that the board is in our hands.
  void begin();
  // Domains that the bench does not have are left out.
  void want(record::Domains which, power::Level level);
  [[nodiscard]] bool all(power::PowerDomain::State state) const;
  [[nodiscard]] bool has_modem() const { return parts_.size() > 1; }
  [[nodiscard]] bool wants_board() const { return parts_.front().wanted == power::Level::on; }
  // Contacts that are near the end of their rated life.
  [[nodiscard]] std::vector<std::string> worn() const;

  // Blocks until the board is in its safe state, or says what is not. Nothing else works after it.
  [[nodiscard]] std::vector<std::string> leave_safe();

 private:
  struct Part {
    record::Domains which;
    power::PowerDomain domain;
    std::vector<scenario::ChannelSpec> channels;
    std::optional<scenario::ChannelSpec> sense;
    power::Level wanted{power::Level::on};
    power::PowerDomain::State told{power::PowerDomain::State::on};
    bool sensing{false};  // an answer is under way
  };

  void add_part(Part part);
  void drive(Part& part);
  void drive_all();
  void give(std::size_t part, const std::vector<power::LegOrder>& orders);
  void answered(std::size_t part, const power::LegOrder& order, const power::SwitchResult& result);
  void ask_senses();
  void ask_sense(std::size_t part);
  void sensed(std::size_t part, const power::SwitchResult& result);
  void tell(Part& part);
  void fail(const std::string& cause);
  void plan_next();
  [[nodiscard]] power::Moment deadline() const;
  [[nodiscard]] std::size_t index_of(const Part& part) const;

  io::Loop& loop_;
  scenario::PowerSpec spec_;
  power::IntentJournal& journal_;
  Handlers handlers_;
  std::vector<Part> parts_;
  io::Timer timer_;
  bool failed_{false};
  bool safe_{true};  // until begin()
  std::set<std::string> switches_;
  power::SwitchDesk::Client desk_;  // last: it goes first
};

}  // namespace rig::board
