// The product's own way to be updated: the programs of a scenario that put an update on offer and
// start it on the device. Runs them in real time, and again when the device comes back without the
// update; what they print and how they end is told line by line.
//
// A program that fails while nothing disturbed the device is the rig's failure: the update was
// never on its way. Behind a loss of power it is expected to fail, and is tried again.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "io/child.h"
#include "io/loop.h"
#include "scenario/program.h"

namespace rig::board {

class ProgramRun {
 public:
  struct Handlers {
    std::function<void(const std::string& text)> said{};  // for the timeline
    std::function<void(bool good, const std::string& how)> ended{};
  };

  // `name` stands before each line: "update trigger". Throws base::RigError: cannot be started.
  ProgramRun(io::Loop& loop, const std::string& name, const scenario::Program& program,
             const scenario::Words& words);
  void listen(Handlers handlers) { handlers_ = std::move(handlers); }

 private:
  void ended(const io::Outcome& outcome);

  std::string name_;
  std::string last_;  // its last words
  Handlers handlers_;
  io::Child child_;
};

class UpdatePrograms {
 public:
  struct Handlers {
    std::function<void(const std::string& text)> said{};
    std::function<void(const std::string& cause)> failed{};
  };

  UpdatePrograms(io::Loop& loop, std::optional<scenario::Program> offer,
                 std::optional<scenario::Program> trigger, Handlers handlers);

  // Starts from the beginning with these words; what still runs is ended.
  void offer(scenario::Words words);
  // The device is online without the update.
  void missing();
  // It has the update.
  void arrived() { wanted_ = false; }
  // From here on a failure is the device's absence.
  void power_lost() { disturbed_ = true; }
  void stop();

 private:
  void start(bool offering);
  void ended(bool offering, bool good, const std::string& how);

  io::Loop& loop_;
  std::optional<scenario::Program> offer_;
  std::optional<scenario::Program> trigger_;
  Handlers handlers_;
  scenario::Words words_;
  bool wanted_{false};
  bool offered_{false};
  bool disturbed_{false};
  std::optional<ProgramRun> running_;
};

}  // namespace rig::board
