// A program to start, and what became of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/lines.h"

namespace rig::io {

struct Command {
  // A descriptor of ours that the child gets under a number of its own, blocking or not as it is.
  struct Descriptor {
    int ours{-1};
    int theirs{-1};  // 0, 1 and 2 replace the child's standard streams
  };

  // The program and its arguments, handed over as they are: no shell ever sees them. A program
  // without a slash is looked for in the child's PATH.
  std::vector<std::string> argv{};
  // Added to our own environment, or put in place of it.
  std::vector<std::pair<std::string, std::string>> environment{};
  bool only_this_environment{false};
  std::string folder{};  // to work in; empty: ours
  // Nothing else of ours is inherited. Must live until the child has started.
  std::vector<Descriptor> descriptors{};

  bool with_input{false};  // Child::write() reaches its standard input; otherwise /dev/null
  std::optional<Duration> limit{};          // then SIGTERM to the whole group ...
  Duration grace{std::chrono::seconds(2)};  // ... and after this SIGKILL
  LineAssembler::Limits lines{};            // of its output
  std::size_t kept_bytes{64U << 10};        // of either output, in Outcome
};

// The command as a person would type it, for messages; quoted where a shell would need it.
[[nodiscard]] std::string to_text(const Command& command);

enum class Stream : std::uint8_t { output, errors };

// How a child ended.
struct Outcome {
  enum class Kind : std::uint8_t { exited, killed };

  Kind kind{Kind::exited};
  int number{};           // the exit status (0 to 255), or the signal
  bool timed_out{false};  // its limit was over
  bool forced{false};     // it did not go on SIGTERM
  Time started{};
  Time ended{};
  std::vector<Line> output{};  // the beginning and the end of it, see Command::kept_bytes
  std::vector<Line> errors{};
  std::uint64_t output_lines_dropped{};
  std::uint64_t error_lines_dropped{};

  [[nodiscard]] bool good() const { return kind == Kind::exited && number == 0 && !timed_out; }
};

// "exit status 3", "killed by signal 9 after its limit".
[[nodiscard]] std::string to_text(const Outcome& outcome);

}  // namespace rig::io
