// One call of otarig: what every command shares, and how it ends.
//
// Exit codes of every command: 0 pass, 1 the device failed, 2 usage or configuration error, 3 no
// trial or rig fault, 130 interrupted.
#pragma once

#include <filesystem>
#include <string>

namespace rig::cli {

inline constexpr int kExitPass = 0;
inline constexpr int kExitDeviceFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNoTrial = 3;
inline constexpr int kExitInterrupted = 130;

struct Invocation {
  std::string database;  // empty: default_database()
  std::string fixtures;  // empty: searched
  std::string firmware;  // empty: beside the program
  std::string bench;     // empty: $OTARIG_BENCH
  bool json = false;     // one summary object on stdout, everything else on stderr
  int exit_code = kExitPass;

  [[nodiscard]] std::filesystem::path database_path() const;
};

// Parses and runs; returns the exit code. Prints errors on stderr; throws nothing.
[[nodiscard]] int run_program(int argc, const char* const* argv);

}  // namespace rig::cli
