#include "board/qemu_machine.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "io/local_address.h"
#include "io/unique_fd.h"
#include "power/clock.h"
#include "power/switch_error.h"

namespace rig::board {
namespace {

using power::Fault;
using power::Level;
using power::Moment;
using namespace std::chrono_literals;

constexpr auto kLook = 1ms;  // how often it is looked whether the machine is built

}  // namespace

std::vector<std::string> qemu_arguments(const QemuSpec& spec) {
  std::vector<std::string> argv{spec.program, "-M",       "emcraft-sf2", "-display",
                                "none",       "-monitor", "none",        "-nodefaults"};
  const auto add = [&argv](const char* option, std::string value) {
    argv.insert(argv.end(), {option, std::move(value)});
  };
  add("-kernel", spec.boot_rom);
  add("-drive", "if=mtd,format=raw,file=" + spec.flash_file);
  add("-chardev", "socket,id=console,path=" + spec.console_socket);
  add("-serial", "chardev:console");
  add("-chardev", "socket,id=modem,path=" + spec.modem_socket);
  add("-serial", "chardev:modem");
  add("-gdb", "unix:" + spec.debug_socket + ",server=on,wait=off");
  argv.insert(argv.end(), spec.more.begin(), spec.more.end());
  return argv;
}

QemuMachine::QemuMachine(std::string name, QemuSpec spec)
    : traits_{.name = std::move(name), .reads_back = true}, spec_(std::move(spec)) {}

power::Switched QemuMachine::set(power::Channel channel, Level level, Moment deadline) {
  power::check_channel(traits_, channel);
  const Moment begin = power::now();
  level == Level::on ? start(deadline) : kill(deadline);
  return {.not_before = begin, .not_after = power::now()};
}

bool QemuMachine::built() const {
  struct stat is {};
  return ::stat(spec_.debug_socket.c_str(), &is) == 0 && S_ISSOCK(is.st_mode);
}

void QemuMachine::start(Moment deadline) {
  if (child_ && child_->running()) return;
  child_.reset();
  last_words_.clear();
  ::unlink(spec_.debug_socket.c_str());
  child_.emplace(loop_, io::Command{.argv = qemu_arguments(spec_)},
                 io::Child::Handlers{
                     .line = [this](io::Stream, const io::Line& line) { last_words_ = line.text; },
                     .ended = {}});
  while (!built() && child_->running() && power::now() < deadline) loop_.run_for(kLook);
  if (built() && child_->running()) return;
  const bool ended = !child_->running();
  child_.reset();
  throw power::SwitchError(
      ended ? Fault::refused : Fault::no_answer, "start " + traits_.name,
      ended ? "QEMU ended at once: " + last_words_ : "QEMU did not build its machine in time");
}

// A new debugger stops the machine. It is told so ("$T02..") before the writes to the flash file
// are waited for (QEMU, do_vm_stop()): who kills it then loses pages that the firmware has
// programmed. Its question is answered afterwards. True as well when there is no machine any more.
bool QemuMachine::stopped(Moment deadline) const {
  constexpr std::string_view kWhichThread = "+$qC#b4";
  constexpr std::string_view kThread = "$QC";
  const io::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = io::local_address(spec_.debug_socket);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::send(socket.get(), kWhichThread.data(), kWhichThread.size(), MSG_NOSIGNAL) < 0) {
    return true;
  }
  std::string heard;
  std::array<char, 256> piece{};
  while (heard.find(kThread) == std::string::npos) {
    pollfd waiting{.fd = socket.get(), .events = POLLIN, .revents = 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - power::now());
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return false;
    const ssize_t length = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (length <= 0) return true;
    heard.append(piece.data(), static_cast<std::size_t>(length));
  }
  return true;
}

// Dead is when the kernel has reaped it, not when the signal was sent.
void QemuMachine::kill(Moment deadline) {
  if (!child_) return;
  const bool quiet = stopped(power::now() + (deadline - power::now()) / 2);
  child_->kill();
  const bool gone = loop_.run_until([this] { return !child_->running(); }, deadline - power::now());
  if (!gone) throw power::SwitchError(Fault::no_answer, "kill " + traits_.name);
  child_.reset();
  if (quiet) return;
  throw power::SwitchError(Fault::no_answer, "stop " + traits_.name,
                           "QEMU hung and was killed; what its flash file holds is unknown");
}

std::optional<power::Levels> QemuMachine::read_back(Moment /*deadline*/) {
  power::Levels levels;
  loop_.run_for(0ms);
  levels.put(power::Channel{1}, child_ && child_->running() ? Level::on : Level::off);
  return levels;
}

}  // namespace rig::board
