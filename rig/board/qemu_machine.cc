#include "board/qemu_machine.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

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
  std::vector<std::string> argv{spec.program, "-M", "emcraft-sf2", "-display", "none",
                                "-monitor", "none", "-nodefaults"};
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
                 io::Child::Handlers{.line = [this](io::Stream, const io::Line& line) {
                                       last_words_ = line.text;
                                     },
                                     .ended = {}});
  while (!built() && child_->running() && power::now() < deadline) loop_.run_for(kLook);
  if (built() && child_->running()) return;
  const bool ended = !child_->running();
  child_.reset();
  throw power::SwitchError(ended ? Fault::refused : Fault::no_answer, "start " + traits_.name,
                           ended ? "QEMU ended at once: " + last_words_
                                 : "QEMU did not build its machine in time");
}

// Dead is when the kernel has reaped it, not when the signal was sent.
void QemuMachine::kill(Moment deadline) {
  if (!child_) return;
  child_->kill();
  const bool gone =
      loop_.run_until([this] { return !child_->running(); }, deadline - power::now());
  if (!gone) throw power::SwitchError(Fault::no_answer, "kill " + traits_.name);
  child_.reset();
}

std::optional<power::Levels> QemuMachine::read_back(Moment /*deadline*/) {
  power::Levels levels;
  loop_.run_for(0ms);
  levels.put(power::Channel{1}, child_ && child_->running() ? Level::on : Level::off);
  return levels;
}

}  // namespace rig::board
