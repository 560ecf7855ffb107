// The commands that ask stored history: may it go out, what changed, how was it over the nights;
// and those that keep the store itself in order. Attached and run like those of cli/commands.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library calls itself so
class App;
}

namespace rig::cli {

class GateCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::vector<std::string> scenarios_;
  std::string policy_;
  std::string batch_;
  std::string since_;
  std::string max_rate_;
  std::string confidence_;
};

class CompareCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string before_;
  std::string after_;
  std::string confidence_;
};

class HistoryCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::vector<std::string> scenarios_;
  std::string since_;
  std::string metrics_;
};

class PruneCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string keep_;
  bool whole_ = false;
  bool failures_ = false;
  bool shrink_ = false;
  bool dry_run_ = false;
};

class BackupCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string file_;
};

}  // namespace rig::cli
