// The loop of a night: hands cycles to idle boards, books what they answer, lets a board that
// proves nothing recover a few times and takes it out of the game then. Knows neither what a board
// is nor what time it is.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "campaign/crew.h"
#include "campaign/health.h"
#include "campaign/ledger.h"
#include "campaign/schedule.h"
#include "store/soak_rows.h"

namespace rig::campaign {

struct SoakBoard {
  std::string name{};
  std::string bench{};  // quarantine is remembered by bench and name
  Crew::Work work{};
  // Whether it can run this cycle at all.
  std::function<bool(const Draw&)> can{};
  // The campaign of this board and the entry of the draw, and the cycle's plan id.
  std::function<store::CampaignStart(const Draw&)> campaign{};
  std::function<std::string(const Draw&)> plan{};
  // A cycle that takes longer hangs. `hurry` makes it end, abandoned; absent: it cannot hang.
  std::function<base::Duration(const Draw&)> patience{};
  std::function<void()> hurry{};
  std::string quarantined{};  // the reason: it gets nothing to do
  bool real{false};           // its intents are on disk before it acts
};

// Handed in, so that tests have time in their hands.
struct SoakClock {
  std::function<base::Duration()> steady;      // never jumps
  std::function<std::int64_t()> wall_unix_us;  // may jump
};

struct BoardView {
  std::string name{};
  enum class State : std::uint8_t { idle, working, resting, quarantined } state{State::idle};
  std::string doing{};   // scenario, kind and cut of the cycle under way
  std::string reason{};  // of the quarantine, or what it recovers from
  std::uint64_t done{};
  std::map<record::Verdict, std::uint64_t> verdicts{};  // without those of a known-bad firmware
  std::uint64_t known_bad{};                            // cycles of one, and how many it failed
  std::uint64_t convicted{};
};

struct SoakView {
  std::vector<BoardView> boards{};
  std::uint64_t done{};  // by all controllers
  std::uint64_t done_here{};
  std::optional<std::uint64_t> wanted{};
  base::Duration ran{};  // by all controllers
  base::Duration ran_here{};
  std::optional<base::Duration> length{};
};

// `known`: before its length or its cycles were over, because nothing more was to be learned.
enum class SoakEnd : std::uint8_t { complete, known, interrupted, no_board_left };

// A cycle that ended and is in the store.
struct Booked {
  std::string scenario{};
  bool known_bad{false};
  store::CycleKind kind{};
  record::Verdict verdict{};
};

struct SoakHooks {
  std::function<bool()> stop;                 // asked often; true: no more cycles
  std::function<void(const SoakView&)> show;  // called often
  // Nobody waits for the boards at work any longer: they may abandon their cycles.
  std::function<void()> let_go;
  std::function<void(const Booked&)> booked{};  // may be absent
  // Asked often, may be absent; true: no more cycles, but those under way end as they would.
  std::function<bool()> known{};
};

class Soak {
 public:
  // The soak has begun in the store, and is this process's. All references must outlive it.
  Soak(store::Store& store, const store::Soak& row, const Night& night, const SoakClock& clock);

  void add(SoakBoard board);
  // Throws base::RigError when the store fails: then no board gets anything more to do, and those
  // at work have ended theirs, before it leaves.
  [[nodiscard]] SoakEnd run(const SoakHooks& hooks);
  [[nodiscard]] SoakView view() const;

 private:
  struct Station {
    SoakBoard board;
    BoardView view;
    Health health;
    std::optional<std::uint64_t> index;  // under way
    std::optional<base::Duration> due;   // by when it has to answer
    bool hurried{false};
    base::Duration rests_until{};
  };

  [[nodiscard]] SoakEnd loop(Crew& crew, const SoakHooks& hooks);
  // Whether a board rests that will want more.
  [[nodiscard]] bool hand_out(Crew& crew);
  void start(Crew& crew, std::size_t board, std::uint64_t index);
  void hurry();
  void book(Answer answer, const SoakHooks& hooks);
  void care_for(Station& station, const Answer& answer, store::CycleId row);
  void quarantine(Station& station, store::CycleId row);
  template <typename Act>
  void patiently(const Act& act);
  void note_time();
  [[nodiscard]] bool complete() const;
  [[nodiscard]] bool over() const { return known_ || complete(); }
  [[nodiscard]] bool anybody_working() const;
  [[nodiscard]] base::Duration ran() const { return ran_before_ + ran_here(); }
  [[nodiscard]] base::Duration ran_here() const { return clock_.steady() - begun_; }

  store::Store& store_;
  store::Soak row_;
  const Night& night_;
  const SoakClock& clock_;
  Ledger ledger_;
  Schedule schedule_;
  std::vector<Station> stations_;
  base::Duration begun_;
  base::Duration ran_before_;
  base::Duration noted_{};
  bool stopping_{false};
  bool known_{false};
  std::uint64_t done_here_{0};
};

}  // namespace rig::campaign
