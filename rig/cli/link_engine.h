// Engines of rig/shaping for the words of a bench file or of the command line.
#pragma once

#include <memory>
#include <string>

#include "board/shaped_path.h"
#include "scenario/bench.h"

namespace rig::cli {

// The folder in which engines write down what they change on this machine (shaping/footprint.h),
// and where those that run can be spoken to (link_control.h).
[[nodiscard]] std::string link_folder();

// Throws base::UsageError before anything is changed: the engine cannot express the profile.
void refuse_beyond(const scenario::LinkSpec& spec, const link::Profile& profile);

struct EngineSettings {
  link::Profile profile{};
  std::uint64_t seed{1};
  shaping::Course course{};
};
// Names of hosts are looked up. What a killed otarig left behind is undone first, and said so on
// stderr. Throws base::UsageError and base::RigError.
[[nodiscard]] std::unique_ptr<shaping::Link> engine_of(const scenario::LinkSpec& spec,
                                                       io::Loop& loop,
                                                       const EngineSettings& settings);

// "packets: board at eth1, server at eth2", "relay: TCP on 0.0.0.0:80 to 10.0.0.1:80"
[[nodiscard]] std::string in_words(const scenario::LinkSpec& spec, const shaping::Link& link);

// For a cycle on that board: the engine listens to `otarig link` meanwhile.
[[nodiscard]] board::LinkOpener link_opener_of(const scenario::BenchBoard& board,
                                               link::Profile profile, std::uint64_t seed);

}  // namespace rig::cli
