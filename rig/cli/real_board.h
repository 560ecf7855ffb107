// One board of the bench as the commands see it: the file read, the board chosen, its drivers at
// hand, its power journal in the state folder. Opens no device.
#pragma once

#include <string>

#include "board/real_cycle.h"
#include "cli/invocation.h"
#include "scenario/bench.h"

namespace rig::cli {

struct RealBoard {
  scenario::Bench bench;
  scenario::BenchBoard board;
  board::RealParts parts;
};

// `name` empty: the only board of the bench. `log_file` of its console; empty: none. Throws
// base::UsageError.
[[nodiscard]] RealBoard open_board(const Invocation& invocation, const std::string& name,
                                   const std::string& log_file = {});

// Under which boards are remembered in quarantine: a QEMU board needs no bench.
[[nodiscard]] std::string bench_name(const RealBoard& real);

// What an earlier run of otarig left behind when it died is brought to safety; whether there was
// anything. Throws base::RigError when a switch does not obey, base::UsageError when the board is
// in use.
[[nodiscard]] bool bring_to_safety(const RealBoard& real);
// The same, said on stderr.
void recover_from_crash(const RealBoard& real);

}  // namespace rig::cli
