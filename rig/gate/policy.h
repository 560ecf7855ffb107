// What a release has to prove before it goes out: a YAML file that lives with the firmware. Read
// strictly, like a scenario; demands that contradict each other are refused with their place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "statistics/sequential.h"

namespace rig::gate {

struct PhaseRule {
  std::string phase;
  std::uint64_t cuts{};              // that landed in this phase, at least
  std::optional<double> max_rate{};  // bound of this phase alone
};

// The simulated board and QEMU.
struct EmulatedRule {
  std::uint64_t failures{};  // so many counterexamples are accepted
  double coverage{};         // 0..1: cells decided of those that the sweep planned
};

// Boards of a bench.
struct BoardsRule {
  std::uint64_t least{1};            // boards with a trial
  std::uint64_t cuts_each{};         // that landed on each of them, at least
  std::vector<std::string> names{};  // these must be among them
  // Kinds that count as boards; of emulated kinds only those that have a name on their bench.
  std::vector<std::string> kinds{"serial"};
};

// The firmware pair: what is provisioned, and what it is updated to. Empty members do not restrict.
struct FirmwareRule {
  std::string name{};
  std::string hash{};                         // empty: the latest build that was tried
  std::map<std::string, std::string> from{};  // "user_app": "v1"
  std::map<std::string, std::string> to{};
};

struct Policy {
  std::string name{"gate"};
  std::vector<std::string> scenarios{};
  FirmwareRule firmware{};
  double confidence{0.95};
  std::optional<double> max_rate{};  // of the cuts that landed, in every part that is asked for
  double landed{};                   // 0..1: share of the cuts tried that landed
  std::uint64_t controls{1};         // clean control runs, at least
  std::vector<PhaseRule> phases{};
  // Of a part that is not asked for nothing has to be there; a counterexample or a rate that is
  // shown to be too high rejects all the same. Neither asked for: whatever there is has to do.
  std::optional<EmulatedRule> emulated{};
  std::optional<BoardsRule> boards{};
  std::optional<statistics::SequentialPlan> sequential{};  // how a soak ends early
};

// Throws base::UsageError "file:line:column: what is wrong; what would be right".
[[nodiscard]] Policy read_policy(const std::filesystem::path& file);
[[nodiscard]] Policy parse_policy(const std::string& text, const std::filesystem::path& file);

}  // namespace rig::gate
