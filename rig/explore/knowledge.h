// What an exploration has found out so far, shared by its threads.
//
// A behaviour is one execution from power-on, known to the last bit (behaviour_index.h). A state is
// a world at power-on that further cuts are made from. Worlds of one behaviour recover equally if
// nothing disturbs them, but a second cut may leave different worlds behind, because what the
// recovery had not looked at differs. So a state stands only for worlds that agree with it in all
// words that it `needs`: those that its own recovery looks at, and those that the states behind its
// cuts need and that it had not erased by then. The walker computes these; until then a state needs
// what its behaviour reads.
//
// Marks (simulator/flash_marks.h) on words that a recovery does not look at make no difference to
// it, for the reason that their bits make none. Where it looks at one, only worlds with the same
// marks are compared with it.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "explore/behaviour_index.h"
#include "explore/cells.h"
#include "explore/page_pool.h"
#include "explore/word_set.h"

namespace rig::explore {

using StateNumber = std::uint32_t;
inline constexpr StateNumber kStart = 0;  // where the update begins

struct Behaviour {
  Trace trace;  // without its reads
  WordSet reads;
  RestNumber rest{};
  std::uint64_t erases{};  // of the trace's changes
  std::vector<StateNumber> states;
};

// The cut that a state was first reached by.
struct Origin {
  StateNumber from{kStart};
  Cell cell;
};

struct State {
  BehaviourNumber behaviour{};
  PagePool::Image flash{};
  unsigned depth{};  // cuts on the way here
  Origin origin;
  std::uint32_t version{};                                     // how often `needs` grew
  std::unique_ptr<WordSet> needs;                              // null: what the behaviour reads
  std::vector<std::pair<std::uint32_t, std::uint32_t>> extra;  // words beyond these, and values
};

// What an execution from power-on starts from.
struct PowerOn {
  RestNumber rest{};
  base::ByteView flash;
  std::span<const simulator::FlashMark> marks{};  // cells in no clear state
};
// Executes a world from power-on; each thread has its own.
using Recover = std::function<Trace(const PowerOn& world)>;

class Knowledge {
 public:
  struct World {
    PowerOn start;
    Origin origin;
    unsigned depth{};
  };
  // The state that stands for `world`: a known one, or a new one. Executes the world with `recover`
  // when its behaviour is unknown. Any thread.
  [[nodiscard]] StateNumber settle(const World& world, const Recover& recover);
  // Executes the world in any case, and only keeps how it ended: for comparison with settle().
  [[nodiscard]] StateNumber execute(const World& world, const Recover& recover);
  // Only what is known already.
  [[nodiscard]] std::optional<StateNumber> find(const World& world) const;
  // The start, from its execution. No other world is taken for it: what leads up to it is not what
  // leads up to a recovery.
  void begin(Trace trace, base::ByteView flash);

  [[nodiscard]] const State& state(StateNumber number) const;
  [[nodiscard]] const Behaviour& behaviour(BehaviourNumber number) const;
  [[nodiscard]] const Behaviour& behaviour_of(StateNumber number) const;
  [[nodiscard]] const WordSet& needs(StateNumber number) const;
  [[nodiscard]] std::size_t flash_size() const;
  void copy_flash(StateNumber number, std::span<std::uint8_t> flash) const;

  // While no thread walks: `more` is needed as well. Whether that was anything new.
  bool need(StateNumber number, const WordSet& more);
  // The state can be reached with so many cuts.
  void reached(StateNumber number, unsigned depth);

  [[nodiscard]] std::size_t states() const;
  [[nodiscard]] std::size_t behaviours() const;
  [[nodiscard]] std::size_t footprint() const;

 private:
  [[nodiscard]] std::optional<BehaviourNumber> known(const PowerOn& start) const;
  [[nodiscard]] RestNumber marked_rest(const PowerOn& start);
  [[nodiscard]] std::optional<StateNumber> match(BehaviourNumber number,
                                                 base::ByteView flash) const;
  [[nodiscard]] StateNumber new_state(BehaviourNumber number, const World& world);
  [[nodiscard]] BehaviourNumber learn(const World& world, Trace trace);

  mutable std::shared_mutex mutex_;
  BehaviourIndex index_;
  // Of executions that look at a marked word: marks and rest together are their rest.
  BehaviourIndex marked_index_;
  std::map<std::pair<RestNumber, simulator::FlashMarkList>, RestNumber> marked_rests_;
  PagePool pool_;
  std::deque<Behaviour> behaviours_;
  std::deque<State> states_;
  std::map<std::pair<record::Verdict, std::string>, StateNumber> endings_;  // of execute()
};

}  // namespace rig::explore
