#include "power/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX, not C
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/assert.h"
#include "base/unique_fd.h"
#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::power {
namespace {

constexpr std::size_t kKeptOutput = 64 * std::size_t{1024};

struct Pipe {
  base::UniqueFd read;
  base::UniqueFd write;
};

Pipe opened_pipe() {
  std::array<int, 2> ends{};
  check_switch(pipe2(ends.data(), O_CLOEXEC), "open a pipe");
  return {.read = base::UniqueFd(ends[0]), .write = base::UniqueFd(ends[1])};
}

// What the child gets: no input, one pipe for both outputs, a process group of its own, no blocked
// signals.
class SpawnPlan {
 public:
  explicit SpawnPlan(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, 1);
    posix_spawn_file_actions_adddup2(&actions_, output, 2);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  // 0, or an errno.
  int spawn(pid_t& pid, const std::vector<std::string>& argv) const {
    std::vector<char*> pointers;
    pointers.reserve(argv.size() + 1);
    for (const std::string& each : argv) pointers.push_back(const_cast<char*>(each.c_str()));
    pointers.push_back(nullptr);
    return posix_spawnp(&pid, pointers.front(), &actions_, &attributes_, pointers.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// A child that is dead and reaped when this dies, whatever happens in between.
class Child {
 public:
  Child(const std::vector<std::string>& argv, int output) {
    const int error = SpawnPlan(output).spawn(pid_, argv);
    if (error != 0)
      throw SwitchError(fault_of_errno(error), "run " + argv[0], std::strerror(error));
    // By its number: the header of glibc 2.36 declares it for C alone.
    exit_ = base::UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    const int pidfd_error = errno;
    if (exit_) return;
    static_cast<void>(reap());
    throw SwitchError(fault_of_errno(pidfd_error), "follow " + argv[0], std::strerror(pidfd_error));
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (!reaped_) static_cast<void>(reap());
  }

  [[nodiscard]] int exit_descriptor() const { return exit_.get(); }

  // Kills the group first: its leader may have left children behind, and is no zombie's name yet.
  [[nodiscard]] int reap() {
    kill(-pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_{-1};
  base::UniqueFd exit_;
  bool reaped_{false};
};

// False at the end of the file.
bool take_output(int fd, std::string& output) {
  std::array<char, 4096> buffer{};
  const ssize_t count = read(fd, buffer.data(), buffer.size());
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  const auto room = kKeptOutput - output.size();
  output.append(buffer.data(), std::min(static_cast<std::size_t>(count), room));
  return count > 0;
}

void take_the_rest(int fd, std::string& output) {
  pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
  while (output.size() < kKeptOutput && poll(&wanted, 1, 0) > 0 && take_output(fd, output)) {
  }
}

// True when it ended by itself before the deadline.
bool follow(const Child& child, base::UniqueFd& output, Finished& result, Moment deadline) {
  while (true) {
    std::array<pollfd, 2> wanted{
        pollfd{.fd = child.exit_descriptor(), .events = POLLIN, .revents = 0},
        pollfd{.fd = output.get(), .events = POLLIN, .revents = 0}};
    const int count = poll(wanted.data(), wanted.size(), milliseconds_left(deadline));
    if (count == 0) return false;
    if (count < 0) continue;
    if (wanted[1].revents != 0 && !take_output(output.get(), result.output)) output.reset();
    if (wanted[0].revents != 0) return true;
    if (now() >= deadline) return false;
  }
}

}  // namespace

Finished run_program(const std::vector<std::string>& argv, Moment deadline) {
  RIG_ASSERT(!argv.empty());
  Pipe pipe = opened_pipe();
  Child child(argv, pipe.write.get());
  pipe.write.reset();
  Finished result;
  result.timed_out = !follow(child, pipe.read, result, deadline);
  result.ended = now();
  if (pipe.read) take_the_rest(pipe.read.get(), result.output);
  result.status = child.reap();
  return result;
}

}  // namespace rig::power
