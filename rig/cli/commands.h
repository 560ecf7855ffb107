// The commands of otarig: each holds its own options, attaches itself to the argument parser, and
// runs when the parser has found it. All must outlive the parse; they set Invocation::exit_code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/invocation.h"
#include "cli/soak_options.h"
#include "cli/sweeping.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library calls itself so
class App;
}
namespace rig::scenario {
struct LinkSpec;
}
namespace rig::report {
struct ReportInput;
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
  void add_exploring(CLI::App& command);
  std::vector<std::string> scenarios_;
  SweepOptions options_;
};

class SoakCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  void soak(Invocation& invocation) const;
  SoakOptions options_;
  std::string resume_;  // the night's name, or "latest"
  std::string policy_;
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
  void show_flash(const Invocation& invocation, const store::Cycle& cycle) const;
  std::int64_t cycle_ = 0;
  bool flash_diff_ = false;
  std::string image_;
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
  void add_night(store::Store& store, report::ReportInput& input) const;
  std::vector<std::int64_t> campaigns_;
  std::string batch_;
  std::string against_;
  std::string policy_;
  std::string html_;
  std::string junit_;
  std::string json_;
  std::string csv_;
};

class ServeCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string listen_ = "127.0.0.1";
  std::uint16_t port_ = 8077;
  std::string token_;
  std::vector<std::string> names_;
};

class BoardsCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string action_;  // "release", or empty
  std::string board_;
};

class ImageCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void show(Invocation& invocation) const;
  void serve(Invocation& invocation) const;
  std::string file_;
  std::string scenario_;
  std::string listen_;
};

class ImportCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void run(Invocation& invocation) const;
  std::string file_;
  std::string scenario_;
  std::string device_;
  std::string imitation_;
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
  bool fix_ = false;
};

class DiscoverCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  static void run(Invocation& invocation);
};

// Speaks to an engine that runs in another otarig.
class LinkControlCommand {
 public:
  void attach(CLI::App& link, Invocation& invocation);

 private:
  void show(Invocation& invocation) const;
  void show_all(Invocation& invocation) const;
  void set(Invocation& invocation) const;
  void clear(Invocation& invocation) const;
  void put(Invocation& invocation, const std::string& profile) const;
  void trace(Invocation& invocation) const;
  std::string board_;
  std::string profile_;
  std::string direction_ = "down";
  double every_ = 0;
};

// Shapes a real path in the foreground.
class LinkCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);

 private:
  void attach_engines(CLI::App& link, Invocation& invocation);
  void relay(Invocation& invocation) const;
  void between(Invocation& invocation, const std::string& engine) const;
  void board(Invocation& invocation);
  void carry(Invocation& invocation, const scenario::LinkSpec& spec) const;
  std::string name_;
  std::string listen_;
  std::string to_;
  std::string profile_ = "ideal";
  std::string board_side_;
  std::string server_side_;
  bool udp_ = false;
  std::uint16_t mss_ = 1460;
  std::uint64_t seed_ = 1;
  double seconds_ = 0;
  LinkControlCommand control_;
};

// What the package installs beside the program, made from the program.
class ManualCommand {
 public:
  void attach(CLI::App& app, Invocation& invocation);
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
