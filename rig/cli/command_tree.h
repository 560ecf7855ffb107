// The commands and options of otarig as plain values, read from the argument parser: what the
// manual page and the shell's completion are made of, so that neither can lag behind.
#pragma once

#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the library calls itself so
class App;
}

namespace rig::cli {

struct OptionEntry {
  std::vector<std::string> names;  // "--batch", "-j"; of a positional one its name: "scenario"
  bool positional{false};
  bool required{false};
  bool repeats{false};
  std::string value;        // "FILE"; empty: a flag
  std::string description;  // one sentence
  std::string preset;       // default value
  std::string variable;     // of the environment
};

struct CommandEntry {
  std::string name;
  std::string description;
  std::string footer;
  std::vector<OptionEntry> options;
  std::vector<CommandEntry> commands;
};

// Hidden commands are left out.
[[nodiscard]] CommandEntry command_tree(const CLI::App& app);

}  // namespace rig::cli
