#include "io/net_namespace.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>

#include "base/assert.h"
#include "base/rig_error.h"

namespace rig::io {
namespace {

constexpr const char* kOwnNamespace = "/proc/thread-self/ns/net";

UniqueFd own_namespace() {
  return UniqueFd(
      base::check_errno(::open(kOwnNamespace, O_RDONLY | O_CLOEXEC), "open this thread's network"));
}

void raise_loopback() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  base::check_errno(::ioctl(socket.get(), SIOCSIFFLAGS, &request), "start a loopback interface");
}

UniqueFd make_namespace() {
  if (::unshare(CLONE_NEWNET) != 0) {
    throw base::RigError({errno, std::generic_category()}, "make a network namespace",
                         "takes CAP_SYS_ADMIN: run as root, or setcap cap_sys_admin+ep otarig");
  }
  raise_loopback();
  return own_namespace();
}

// Of the file that a namespace can be entered by; 0: there is none.
std::uint64_t number_behind(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

// Files that may be namespaces: of every process, and those with a name of their own.
std::string file_of(std::uint64_t number) {
  std::error_code none;
  for (const auto& each : std::filesystem::directory_iterator("/run/netns", none)) {
    if (number_behind(each.path()) == number) return each.path();
  }
  for (const auto& each : std::filesystem::directory_iterator("/proc", none)) {
    const std::string path = each.path() / "ns" / "net";
    if (number_behind(path) == number) return path;
  }
  return {};
}

}  // namespace

// In a thread of its own: whoever calls stays where it is.
NetNamespace::NetNamespace() {
  std::exception_ptr failed;
  std::thread([&] {
    try {
      descriptor_ = make_namespace();
    } catch (...) {
      failed = std::current_exception();
    }
  }).join();
  if (failed) std::rethrow_exception(failed);
}

std::optional<NetNamespace> NetNamespace::find(std::uint64_t number) {
  const std::string file = file_of(number);
  if (file.empty()) return std::nullopt;
  UniqueFd descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor) return std::nullopt;  // its last process has just ended
  return NetNamespace(std::move(descriptor));
}

std::uint64_t own_net_namespace() { return number_behind(kOwnNamespace); }

InNetNamespace::InNetNamespace(const NetNamespace& where) : before_(own_namespace()) {
  base::check_errno(::setns(where.descriptor(), CLONE_NEWNET), "enter a network namespace");
}

// Whoever could leave may come back.
InNetNamespace::~InNetNamespace() { RIG_ASSERT(::setns(before_.get(), CLONE_NEWNET) == 0); }

}  // namespace rig::io
