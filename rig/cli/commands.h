// The commands of otarig: each holds its own options, attaches itself to the argument parser, and
// runs when the parser has found it. All must outlive the parse; they set Invocation::exit_code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.h"
#include "cli/sweeping.h"

namespace CLI {
class App;
}

namespace rig::cli {

class RunCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string scenario_;
  std::string board_;
  std::string cut_;
  std::optional<std::uint64_t> seed_;
  std::string pcap_;
  bool quiet_ = false;
};

class SweepCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::vector<std::string> scenarios_;
  SweepOptions options_;
};

class ReplayCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  void run_real(Invocation& invocation, const std::string& text) const;
  std::string what_;
  std::string out_;
  std::string board_;
  bool quiet_ = false;
};

class ShowCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::int64_t cycle_ = 0;
};

class JudgeCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::int64_t campaign_ = 0;
  std::string scenario_;
};

class ReportCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::vector<std::int64_t> campaigns_;
  std::string batch_;
  std::string html_;
  std::string junit_;
  std::string json_;
  std::string csv_;
};

class BoardsCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  static void run(Invocation& invocation);
};

class ImageCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void show(Invocation& invocation) const;
  std::string file_;
};

class PowerCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  void restore(Invocation& invocation) const;
  std::string action_;
  std::string board_;
};

class ConsoleCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string board_;
  double seconds_ = 0;
  std::string log_;
};

class DoctorCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string board_;
  bool switch_ = false;
};

class DiscoverCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  static void run(Invocation& invocation);
};

class DemoCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation);
  std::string out_ = "reports/out";
  std::string list_;
  SweepOptions options_;
};

}  // namespace rig::cli
