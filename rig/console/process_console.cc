#include "console/process_console.h"

#include <utility>

#include "base/rig_error.h"

namespace rig::console {

ProcessConsole::ProcessConsole(io::Loop& loop, ConsoleSettings settings, Program program)
    : loop_(loop), program_(std::move(program)), stream_(loop, std::move(settings)), again_(loop) {
  start();
}

void ProcessConsole::listen(Listener listener) {
  listener_ = listener;
  stream_.listen(std::move(listener));
}

void ProcessConsole::start() {
  io::SocketPair pair = io::make_socket_pair();
  io::Command command = program_.command;
  for (const int stream : {0, 1}) {
    command.descriptors.push_back({.ours = pair.theirs.get(), .theirs = stream});
  }
  child_.emplace(
      loop_, std::move(command),
      io::Child::Handlers{.line = [this](auto, const Line& line) { complain(line.text); },
                          .ended = [this](const io::Outcome& outcome) { ended(outcome); }});
  stream_.attach({.in = std::move(pair.ours), .out = {}},
                 "process " + std::to_string(child_->pid()));
}

// Its output may have ended before it, or may be held open by what it left behind.
void ProcessConsole::ended(const io::Outcome& outcome) {
  const std::string how = io::to_text(program_.command) + ": " + io::to_text(outcome);
  if (program_.start_again_after) {
    again_.after(*program_.start_again_after, [this](Time) { start_again(); });
  }
  child_.reset();
  if (stream_.present()) {
    stream_.detach(how);
  } else {
    complain(how);
  }
}

void ProcessConsole::start_again() {
  try {
    start();
  } catch (const base::RigError& error) {
    complain(error.what());
    again_.after(*program_.start_again_after, [this](Time) { start_again(); });
  }
}

void ProcessConsole::complain(std::string what) {
  const Listener listener = listener_;
  if (listener) listener(Trouble{.at = io::now(), .what = std::move(what)});
}

}  // namespace rig::console
