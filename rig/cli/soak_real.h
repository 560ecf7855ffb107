// The real boards of a night (relay, qemu): each cycle runs in its board's thread on an event loop
// of its own. They could share one loop while all goes well; but opening ports, planting a flash
// image and above all waiting for a switch that does not answer, so that the board is left safe,
// block for seconds. On one loop the other boards' cuts would come late by that. What they do share
// is the bench's switches: a relay board has one handle, whoever is wired to it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "campaign/soak.h"
#include "cli/real_board.h"
#include "cli/soaking.h"
#include "power/switch_desk.h"

namespace rig::cli {

// The cycles under way on real boards, so that they can be told to end.
class RunningCycles {
 public:
  void began(board::RealCycle& cycle);
  void ended(board::RealCycle& cycle);
  void interrupt_running();
  // Those to come, too.
  void interrupt_all();

 private:
  std::mutex mutex_;
  std::set<board::RealCycle*> running_;
  bool interrupted_{false};
};

struct RealStation {
  RealBoard real;
  RunningCycles running{};  // none or one: for hurrying this board alone
};

class RealBench {
 public:
  // Those of the bench that are named; none named: all of it. Opens nothing. Throws
  // base::UsageError.
  RealBench(const Invocation& invocation, const std::vector<std::string>& names);

  [[nodiscard]] bool empty() const { return stations_.empty(); }
  // Of the bench file; empty when there is none.
  [[nodiscard]] const std::string& file() const { return file_; }
  // A board on which this scenario can run without a cut, or why there is none.
  [[nodiscard]] const RealBoard* board_for(const scenario::Scenario& scenario,
                                           std::string& why) const;

  // What a dead controller left behind is brought to safety; a board that cannot be, and one in
  // quarantine, gets nothing to do. Throws base::UsageError when another otarig has a board.
  void make_safe(store::Store& store);
  // `parts` and this must outlive them.
  [[nodiscard]] std::vector<campaign::SoakBoard> boards(const NightParts& parts,
                                                        const store::SoakStart& soak);
  void interrupt_all() { running_.interrupt_all(); }

 private:
  std::string file_;
  std::unique_ptr<power::SwitchDesk> desk_;
  std::vector<std::unique_ptr<RealStation>> stations_;
  std::map<std::string, std::string> out_;  // boards that get nothing to do, and why
  RunningCycles running_;
};

// By the user, before there was a night to go on with.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A control run on a real board, booked as a campaign of its own, for what the draws need. Throws
// Interrupted when it was.
[[nodiscard]] campaign::Survey survey_on(store::Store& store, const campaign::NightScenario& night,
                                         const RealBoard& real, std::uint64_t seed);

// As the soak's row keeps them, so that the night that goes on has the same draws.
[[nodiscard]] std::string strata_text(const std::vector<campaign::Stratum>& strata);
[[nodiscard]] std::vector<campaign::Stratum> strata_from(const std::string& text);

}  // namespace rig::cli
