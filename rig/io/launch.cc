#include "io/launch.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <memory>
#include <string_view>
#include <system_error>

#include "base/rig_error.h"

namespace rig::io {
namespace {

constexpr int kFirstFree = 64;  // descriptors of ours are moved here and above on their way
constexpr int kLastSignal = 64;

// "NAME=value" of the child.
class Environment {
 public:
  explicit Environment(const Command& command) {
    if (!command.only_this_environment) {
      for (char** each = environ; *each != nullptr; ++each) entries_.emplace_back(*each);
    }
    for (const auto& [name, value] : command.environment) set(name, value);
  }

  [[nodiscard]] std::vector<std::string>& entries() { return entries_; }
  [[nodiscard]] std::string_view value(std::string_view name) const {
    for (const std::string_view each : entries_) {
      if (is_of(each, name)) return each.substr(name.size() + 1);
    }
    return {};
  }

 private:
  static bool is_of(std::string_view entry, std::string_view name) {
    return entry.starts_with(name) && entry.substr(name.size()).starts_with('=');
  }
  void set(const std::string& name, const std::string& value) {
    std::erase_if(entries_, [&](const std::string& each) { return is_of(each, name); });
    entries_.push_back(name + "=" + value);
  }

  std::vector<std::string> entries_;
};

bool is_program(const std::string& path) {
  struct stat is {};
  return ::stat(path.c_str(), &is) == 0 && S_ISREG(is.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::string find_program(const std::string& name, std::string_view path) {
  if (name.find('/') != std::string::npos) return name;
  while (!path.empty()) {
    const std::size_t length = std::min(path.find(':'), path.size());
    const std::string candidate = std::string(path.substr(0, length)) + "/" + name;
    if (is_program(candidate)) return candidate;
    path.remove_prefix(std::min(length + 1, path.size()));
  }
  throw base::RigError(std::make_error_code(std::errc::no_such_file_or_directory), "start " + name,
                       "it is not in PATH");
}

// Not _exit(): what is declared never to return makes AddressSanitizer look for our stack, and the
// child is on another one.
void leave() { ::syscall(SYS_exit_group, 127); }

// What the child does in the memory of the parent, which sleeps for so long: only system calls.
class ChildSetup {
 public:
  ChildSetup(const Command& command, const std::vector<Command::Descriptor>& descriptors)
      : folder_(command.folder), descriptors_(descriptors), parent_(::getpid()) {
    moved_.resize(descriptors_.size());
  }

  [[nodiscard]] bool prepare() {
    reset_signals();
    return ::setpgid(0, 0) == 0 && die_with_parent() && take_descriptors() &&
           (folder_.empty() || ::chdir(folder_.c_str()) == 0);
  }

 private:
  // All are blocked until then: no handler of ours may run in the child.
  static void reset_signals() {
    for (int number = 1; number <= kLastSignal; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
  }

  // The parent may have gone before we asked to follow it.
  [[nodiscard]] bool die_with_parent() const {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
    if (::getppid() != parent_) leave();
    return true;
  }

  bool take_descriptors() {
    for (std::size_t i = 0; i < descriptors_.size(); ++i) {
      moved_[i] = ::fcntl(descriptors_[i].ours, F_DUPFD, kFirstFree);
      if (moved_[i] < 0) return false;
    }
    if (::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return false;
    for (std::size_t i = 0; i < descriptors_.size(); ++i) {
      if (::dup2(moved_[i], descriptors_[i].theirs) < 0) return false;
    }
    return true;
  }

  const std::string& folder_;
  const std::vector<Command::Descriptor>& descriptors_;
  pid_t parent_;
  std::vector<int> moved_;
};

struct Start {
  const char* program;
  char* const* arguments;
  char* const* environment;
  ChildSetup* setup;
  int error{0};
};

int child(void* argument) {
  auto* start = static_cast<Start*>(argument);
  if (start->setup->prepare()) ::execve(start->program, start->arguments, start->environment);
  start->error = errno;
  leave();
  return 0;
}

// No signal reaches this thread meanwhile.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

// The pages of a process with many threads cost 12 ms to copy and to tell every thread of, as fork
// does, and the child of another thread keeps copies of our descriptors for so long. This one
// borrows the memory until its exec and has a stack of its own.
pid_t start_child(Start& start) {
  constexpr std::size_t kStack = 64U << 10;
  const auto stack = std::make_unique<std::max_align_t[]>(kStack / sizeof(std::max_align_t));
  const SignalsBlocked blocked;
  const int pid = ::clone(child, stack.get() + kStack / sizeof(std::max_align_t),
                          CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
  if (pid < 0) {
    start.error = errno;
  } else if (start.error != 0) {
    ::waitpid(pid, nullptr, 0);
  }
  return pid;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& each : texts) pointers.push_back(each.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string advice(const std::error_code& error, const Command& command) {
  if (error == std::errc::no_such_file_or_directory && !command.folder.empty()) {
    return "or the folder " + command.folder + " does not exist";
  }
  return error == std::errc::permission_denied ? "is it executable?" : "";
}

}  // namespace

Launched launch(const Command& command, const std::vector<Command::Descriptor>& descriptors) {
  if (command.argv.empty()) throw base::UsageError("a command needs a program to start");
  Environment environment(command);
  const std::string program = find_program(command.argv.front(), environment.value("PATH"));
  std::vector<std::string> arguments = command.argv;
  arguments.front() = program;
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment.entries());
  ChildSetup setup(command, descriptors);
  Start start{.program = program.c_str(),
              .arguments = argument_pointers.data(),
              .environment = environment_pointers.data(),
              .setup = &setup};
  const pid_t pid = start_child(start);
  if (start.error != 0) {
    const std::error_code error(start.error, std::generic_category());
    throw base::RigError(error, "start " + to_text(command), advice(error, command));
  }
  const auto ended = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  return {.pid = pid, .ended = UniqueFd(base::check_errno(ended, "watch a child (pidfd)"))};
}

}  // namespace rig::io
