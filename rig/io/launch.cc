#include "io/launch.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <cerrno>
#include <csignal>
#include <string_view>

#include "base/rig_error.h"
#include "io/loop_core.h"

namespace rig::io {
namespace {

namespace process = boost::process::v2;
using Error = boost::system::error_code;

constexpr int kFirstFree = 64;  // descriptors of ours are moved here and above on their way
constexpr int kLastSignal = 64;

// "NAME=value" of the child, with what the launcher needs to hand them over.
class Environment {
 public:
  explicit Environment(const Command& command) {
    if (!command.only_this_environment) {
      for (char** each = environ; *each != nullptr; ++each) entries_.emplace_back(*each);
    }
    for (const auto& [name, value] : command.environment) set(name, value);
    for (const std::string& each : entries_) pointers_.push_back(each.c_str());
    pointers_.push_back(nullptr);
  }

  [[nodiscard]] const char* const* pointers() const { return pointers_.data(); }
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
  std::vector<const char*> pointers_;
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

Error last_error() { return {errno, boost::system::system_category()}; }

// Runs between fork and exec: only what is async-signal-safe.
class ChildSetup {
 public:
  ChildSetup(const Command& command, const std::vector<Command::Descriptor>& descriptors)
      : folder_(command.folder), descriptors_(descriptors), parent_(::getpid()) {
    moved_.resize(descriptors_.size());
  }

  template <typename Launcher>
  Error on_exec_setup(Launcher&, const boost::filesystem::path&, const char* const*&) {
    errno = 0;
    return prepare() ? Error() : last_error();
  }

  // The launcher would call exit(), which runs what our own exit would.
  template <typename Launcher>
  void on_exec_error(Launcher&, const boost::filesystem::path&, const char* const*&, Error) {
    ::_exit(127);
  }

 private:
  bool prepare() {
    reset_signals();
    return ::setpgid(0, 0) == 0 && die_with_parent() && take_descriptors() &&
           (folder_.empty() || ::chdir(folder_.c_str()) == 0);
  }

  static void reset_signals() {
    for (int number = 1; number <= kLastSignal; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
  }

  // The parent may have gone before we asked to follow it.
  [[nodiscard]] bool die_with_parent() const {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
    if (::getppid() != parent_) ::_exit(127);
    return true;
  }

  // Boost 1.81's own closing leaves open what lies between the descriptors it keeps.
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

class Launcher : public process::posix::default_launcher {
 public:
  Launcher(const Environment& environment, const std::vector<Command::Descriptor>& descriptors) {
    env = environment.pointers();
    for (const auto& each : descriptors) fd_whitelist.push_back(each.theirs);
  }
};

std::string advice(const Error& error, const Command& command) {
  if (error == std::errc::no_such_file_or_directory && !command.folder.empty()) {
    return "or the folder " + command.folder + " does not exist";
  }
  return error == std::errc::permission_denied ? "is it executable?" : "";
}

}  // namespace

Launched launch(Loop& loop, const Command& command,
                const std::vector<Command::Descriptor>& descriptors) {
  if (command.argv.empty()) throw base::UsageError("a command needs a program to start");
  const Environment environment(command);
  const std::string program = find_program(command.argv.front(), environment.value("PATH"));
  const std::vector<std::string> arguments(command.argv.begin() + 1, command.argv.end());
  Launcher launcher(environment, descriptors);
  Error error;
  auto started =
      launcher(loop.core().context.get_executor(), error, boost::filesystem::path(program),
               arguments, ChildSetup(command, descriptors));
  if (error) {
    if (launcher.pid > 0) ::waitpid(launcher.pid, nullptr, 0);
    throw base::RigError(error, "start " + to_text(command), advice(error, command));
  }
  const pid_t pid = started.id();
  started.detach();
  const auto ended = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  return {.pid = pid, .ended = UniqueFd(base::check_errno(ended, "watch a child (pidfd)"))};
}

}  // namespace rig::io
