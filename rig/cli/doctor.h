// The parts of otarig doctor: each looks at one thing and tells the checkup. They throw nothing
// that is wrong with the rig: that is what they are there to find.
#pragma once

#include <map>
#include <string>

#include "cli/checkup.h"
#include "cli/invocation.h"
#include "cli/real_board.h"

namespace rig::cli {

// Disk, database, clock, and programs that grab serial ports.
void check_host(const Invocation& invocation, Checkup& checkup);
// How late this machine lets a cut be: the rig may have real-time priority and processors that do
// not sleep deeply, and wakes up in time.
void check_waking(Checkup& checkup);
// What a killed otarig has left of shaped links; `fix`: undoes it.
void check_left_links(bool fix, Checkup& checkup);

// Switches by name, and the board with which another otarig uses them at this moment: nobody else
// may talk to them.
using SwitchesInUse = std::map<std::string, std::string>;
void note_use(const RealBoard& real, SwitchesInUse& in_use);

// Each other switch of the bench answers and can be read; nothing is switched.
void check_switches(const scenario::Bench& bench, const SwitchesInUse& in_use, Checkup& checkup);

// The board is nobody else's, its console is there and may be opened. Not opened: that alone may
// reset a board.
void check_board(const RealBoard& real, Checkup& checkup);

// The interfaces or names of the path that its bench says is shaped, and whether the servers behind
// a relay take connections; nothing where it says none.
void check_link(const scenario::BenchBoard& board, Checkup& checkup);

// Switches each contact of the board once, powers it, hears its console, identifies its chip, cuts
// its power and proves it. The board is in its safe state afterwards.
void switch_board(const RealBoard& real, Checkup& checkup);

}  // namespace rig::cli
