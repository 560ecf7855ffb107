#include "cli/interrupt.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "base/rig_error.h"

namespace rig::cli {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

InterruptWatch::InterruptWatch() : descriptor_(-1) {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  descriptor_ = base::check_errno(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC),
                                  "watch for Ctrl-C (signalfd)");
}

InterruptWatch::~InterruptWatch() {
  close(descriptor_);
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool InterruptWatch::pending() {
  signalfd_siginfo info;
  if (seen_ || read(descriptor_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
    return seen_;
  }
  seen_ = true;
  // Whoever asks a second time does not want to wait for what is running.
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  return seen_;
}

}  // namespace rig::cli
