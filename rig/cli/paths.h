// Where otarig finds and keeps its files when the user does not say.
#pragma once

#include <filesystem>
#include <string>

namespace rig::cli {

// What the rig remembers between runs: $XDG_STATE_HOME/otarig, else ~/.local/state/otarig. May not
// exist yet.
[[nodiscard]] std::filesystem::path state_folder();

// `given`, else $OTARIG_BENCH. Throws base::UsageError when there is neither.
[[nodiscard]] std::filesystem::path find_bench(const std::string& given);

// $OTARIG_DB, else $XDG_STATE_HOME/otarig/otarig.db, else ~/.local/state/otarig/otarig.db.
[[nodiscard]] std::filesystem::path default_database();

// The folder of device profiles, SIM cards and links: `given`, else $OTARIG_FIXTURES, else the
// first `fixtures` folder at or above `near` (a scenario file), the working directory or this
// program, else that of the installed package (../share/otarig beside the program). Throws
// base::UsageError naming where it looked.
[[nodiscard]] std::filesystem::path find_fixtures(const std::string& given,
                                                  const std::filesystem::path& near);

// The folder of firmware manifests: `given`, else $OTARIG_FIRMWARE, else `firmware` beside this
// program (where the build puts it), else that of the installed package. It need not exist: a real
// board may do without.
[[nodiscard]] std::filesystem::path find_firmware(const std::string& given);

// The scenario file of a plan id's scenario: an existing path, or <scenarios>/<name>.yaml beside
// the fixtures folder. Throws base::UsageError.
[[nodiscard]] std::filesystem::path find_scenario(const std::string& name,
                                                  const std::filesystem::path& fixtures);

// The name a scenario file gets in plan ids: its path below a `scenarios` folder without ".yaml",
// else the path itself.
[[nodiscard]] std::string scenario_name(const std::filesystem::path& file);

}  // namespace rig::cli
