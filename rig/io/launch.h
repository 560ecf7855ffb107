// Starts a program: everything about a child that has to happen before its exec. Who waits for it
// and ends it is Child. (Boost.Process 1.81 cannot: its launchers fork, or tell the event loop of a
// fork in memory that they share with the parent.)
#pragma once

#include <sys/types.h>

#include "io/command.h"
#include "io/unique_fd.h"

namespace rig::io {

struct Launched {
  pid_t pid{-1};   // also the number of its process group
  UniqueFd ended;  // readable when it has ended (a pidfd); it is not yet waited for then
};

// The child leads a process group of its own, gets SIGKILL when the thread that starts it ends
// (so also when otarig is killed), the default disposition of every signal and none blocked, its
// standard streams and `descriptors` and nothing else that is open here.
//
// Throws base::RigError: no such program, no right to run it, no such folder, no more processes.
[[nodiscard]] Launched launch(const Command& command,
                              const std::vector<Command::Descriptor>& descriptors);

}  // namespace rig::io
