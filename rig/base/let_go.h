// What this process holds on an open file, given back at once. The end of a descriptor does not do
// that by itself: a child that another thread is just starting has a copy of it until its exec, and
// keeps the file locked for so long, which is a second on a busy machine.
#pragma once

namespace rig::base {

// The lock of flock(2) and the exclusive use of a terminal (TIOCEXCL), for every copy of the
// descriptor. Nothing held, no terminal, or -1: does nothing.
void let_go(int descriptor);

}  // namespace rig::base
