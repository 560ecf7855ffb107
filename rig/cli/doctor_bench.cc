#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/rig_error.h"
#include "cli/doctor.h"
#include "cli/drivers.h"
#include "console/port_match.h"
#include "power/clock.h"
#include "power/worker.h"

namespace rig::cli {
namespace {

constexpr power::Duration kOpensWithin = std::chrono::seconds(5);
constexpr char kGetPermission[] =
    "cp fixtures/udev/60-otarig.rules /etc/udev/rules.d/; udevadm control --reload; udevadm "
    "trigger; usermod -aG plugdev,dialout USER; log in again";
constexpr char kSeePorts[] = "otarig discover lists the ports there are, and where";

// The error says what to do where the driver knows it.
std::string advice_for(const power::Failure& failure) {
  if (failure.fault == power::Fault::no_permission) {
    return kGetPermission;
  }
  if (failure.fault == power::Fault::absent) {
    return "otarig discover lists what is plugged in, and where";
  }
  if (failure.fault == power::Fault::busy) return "lsof names who has it";
  return "unplug it and plug it in again; try another cable or hub";
}

void check_switch(const scenario::SwitchSpec& spec, const std::string& name,
                  const power::OpenSwitch& open, Checkup& checkup) {
  const std::string what = fmt::format("switch {} ({})", name, name_of(spec.kind));
  power::Worker worker(name, open);
  const auto limit = power::now() + kOpensWithin;
  auto pending = worker.submit({.what = power::ReadOrder{}, .deadline = limit});
  const power::SwitchResult result = power::result_of(pending, limit);
  if (const auto* failure = result.failure()) {
    return checkup.broken(what, failure->what, advice_for(*failure));
  }
  const auto ms = std::chrono::duration<double, std::milli>(result.not_after - result.not_before);
  const auto* levels = std::get_if<std::optional<power::Levels>>(&result.what);
  if (levels != nullptr && *levels) {
    return checkup.good(what, fmt::format("found, opened and read in {:.1f} ms", ms.count()));
  }
  checkup.notice(what, "found and opened; its contacts cannot be read back",
                 "declare a sense, so that a stuck contact is seen");
}

std::string node_of_console(const scenario::ConsoleSpec& spec) {
  const console::PortMatch match = console::parse_port_match(spec.port);
  return match.path.empty() ? console::choose_port(match, console::list_ports()).node : match.path;
}

// "minicom (4711)": who else has this node open, as far as this user may see. Empty: nobody.
std::string user_of(const std::string& node) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path wanted = fs::canonical(node, error);
  for (const auto& process : fs::directory_iterator("/proc", error)) {
    std::error_code hidden;
    for (const auto& file : fs::directory_iterator(process.path() / "fd", hidden)) {
      if (fs::read_symlink(file, hidden) != wanted) continue;
      std::ifstream name(process.path() / "comm");
      std::string text;
      std::getline(name, text);
      return text + " (" + process.path().filename().string() + ")";
    }
  }
  return {};
}

void check_node(const std::string& node, const std::string& what, Checkup& checkup) {
  if (::access(node.c_str(), R_OK | W_OK) != 0) {
    const std::error_code error(errno, std::generic_category());
    return checkup.broken(what, node + ": " + error.message(),
                          error == std::errc::permission_denied ? kGetPermission : kSeePorts);
  }
  const std::string user = user_of(node);
  if (user.empty()) return checkup.good(what, node + " is there and free");
  checkup.notice(what, node + " is there, and " + user + " has it open",
                 "end that program: of two readers each gets some of the bytes");
}

void check_console(const scenario::BenchBoard& board, Checkup& checkup) {
  const std::string what = fmt::format("board {}: console", board.name);
  try {
    check_node(node_of_console(board.console), what, checkup);
  } catch (const std::exception& error) {
    if (board.console.own_usb) {
      return checkup.skipped(what, "not there, as it goes with the board's power");
    }
    checkup.broken(what, error.what(), kSeePorts);
  }
}

// Where a program is found, or empty.
std::string in_path(const std::string& program) {
  const char* folders = std::getenv("PATH");
  std::istringstream list(folders == nullptr ? "" : folders);
  for (std::string folder; std::getline(list, folder, ':');) {
    const std::string file = folder + "/" + program;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

// Held for a moment only: a run that begins right now is told that we have it.
void check_free(const RealBoard& real, Checkup& checkup) {
  const std::string what = fmt::format("board {}: free", real.board.name);
  try {
    const power::IntentJournal journal(real.parts.journal);
    const auto left = journal.unsettled();
    if (left.empty()) return checkup.good(what, "nobody else has it");
    checkup.notice(what, "an earlier run died and left it as it was",
                   "otarig power restore " + real.board.name);
  } catch (const std::exception& error) {
    checkup.broken(what, error.what(), "wait, or stop that process");
  }
}

}  // namespace

void check_switches(const scenario::Bench& bench, const SwitchesInUse& in_use, Checkup& checkup) {
  const auto openers = openers_of(bench);
  for (const auto& [name, spec] : bench.switches) {
    const auto user = in_use.find(name);
    if (user == in_use.end()) {
      check_switch(spec, name, openers.at(name), checkup);
    } else {
      checkup.skipped(fmt::format("switch {}", name), "in use with board " + user->second);
    }
  }
}

void note_use(const RealBoard& real, SwitchesInUse& in_use) {
  try {
    const power::IntentJournal journal(real.parts.journal);
  } catch (const base::UsageError&) {
    for (const auto& intent : board::safe_intents(real.board.power)) {
      in_use[intent.key.power_switch] = real.board.name;
    }
  }
}

void check_board(const RealBoard& real, Checkup& checkup) {
  check_free(real, checkup);
  check_link(real.board, checkup);
  if (real.board.kind == scenario::BoardKind::serial) return check_console(real.board, checkup);
  const std::string what = fmt::format("board {}: emulator", real.board.name);
  const std::string program = in_path("qemu-system-arm");
  if (!program.empty()) return checkup.good(what, program);
  checkup.broken(what, "there is no qemu-system-arm", "apt install qemu-system-arm");
}

}  // namespace rig::cli
