// The parts of otarig doctor: each looks at one thing and tells the checkup. They throw nothing
// that is wrong with the rig: that is what they are there to find.
#pragma once

#include "cli/checkup.h"
#include "cli/invocation.h"
#include "cli/real_board.h"

namespace rig::cli {

// Disk, database, clock, and programs that grab serial ports.
void check_host(const Invocation& invocation, Checkup& checkup);

// Each switch of the bench answers and can be read; nothing is switched.
void check_switches(const scenario::Bench& bench, Checkup& checkup);

// The board is nobody else's, its console is there and may be opened. Not opened: that alone may
// reset a board.
void check_board(const RealBoard& real, Checkup& checkup);

// Switches each contact of the board once, powers it, hears its console, identifies its chip, cuts
// its power and proves it. The board is in its safe state afterwards.
void switch_board(const RealBoard& real, Checkup& checkup);

}  // namespace rig::cli
