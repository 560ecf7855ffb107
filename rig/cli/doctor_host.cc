#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <chrono>

#include "base/rig_error.h"
#include "cli/doctor.h"
#include "cli/link_engine.h"
#include "cli/paths.h"
#include "shaping/footprint.h"
#include "store/store.h"

namespace rig::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::system_clock;

constexpr double kGigabyte = 1e9;
constexpr double kLeastFree = 1.0;  // a night of timelines of 16 boards is some 100 MB

// The folder itself, or the nearest above that exists.
fs::path existing(fs::path folder) {
  std::error_code ignored;
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

void check_disk(const fs::path& file, Checkup& checkup) {
  const fs::path folder = existing(fs::absolute(file).parent_path());
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) != 0) {
    return checkup.broken("disk", folder.string() + " cannot be looked at",
                          "name a database elsewhere with --db");
  }
  const double free =
      static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / kGigabyte;
  const std::string found = fmt::format("{:.1f} GB free in {}", free, folder.string());
  if (free >= kLeastFree) return checkup.good("disk", found);
  checkup.broken("disk", found, "make room, or name a database elsewhere with --db");
}

// What the campaigns would do: open it, write, wait for the disk.
void check_database(const fs::path& file, Checkup& checkup) {
  try {
    store::Store store(file.string());
    store.sync();
    store::Database database(file.string(), store::IfMissing::refuse);
    database.run("BEGIN IMMEDIATE; CREATE TABLE otarig_doctor (x); ROLLBACK");
    checkup.good("database", file.string() + " can be written");
  } catch (const std::exception& error) {
    checkup.broken("database", error.what(), "give it to this user, or name another with --db");
  }
}

void check_clock(Checkup& checkup) {
  const auto now = system_clock::to_time_t(system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  const std::string text = fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", utc);
  constexpr int kFirstSaneYear = 2024;
  if (utc.tm_year + 1900 < kFirstSaneYear) {
    return checkup.broken("clock", text, "set the clock; reports and logs would bear this date");
  }
  timex state{};
  if (adjtimex(&state) == TIME_ERROR) {
    return checkup.notice("clock", text + ", not synchronised",
                          "run systemd-timesyncd or chrony, lest logs of two machines disagree");
  }
  checkup.good("clock", text + ", synchronised");
}

// Rules of udev in the order in which a folder hides another's file of the same name.
std::string rule_named(const std::string& part) {
  for (const char* folder :
       {"/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d"}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
      if (entry.path().filename().string().find(part) != std::string::npos) return entry.path();
    }
  }
  return {};
}

void check_port_grabbers(Checkup& checkup) {
  const std::string ours = rule_named("60-otarig.rules");
  const std::string braille = rule_named("brltty");
  std::error_code ignored;
  if (!braille.empty() && fs::read_symlink(braille, ignored) != "/dev/null") {
    checkup.notice("brltty",
                   braille + " takes CH340 and CP210x ports away from relays and consoles",
                   "without a Braille display: ln -s /dev/null /etc/udev/rules.d/" +
                       fs::path(braille).filename().string());
  }
  if (!ours.empty()) return checkup.good("udev rules", ours);
  const bool root = ::geteuid() == 0;
  const bool modem_manager = fs::exists("/usr/sbin/ModemManager", ignored);
  const std::string found =
      std::string("60-otarig.rules is not installed") +
      (modem_manager ? ", and ModemManager sends AT commands to new serial ports" : "");
  const char* advice =
      "copy fixtures/udev/60-otarig.rules to /etc/udev/rules.d; udevadm control "
      "--reload; udevadm trigger";
  root && !modem_manager ? checkup.skipped("udev rules", found + "; root needs none", advice)
                         : checkup.notice("udev rules", found, advice);
}

}  // namespace

void check_left_links(bool fix, Checkup& checkup) {
  try {
    const auto left =
        fix ? shaping::undo_left_behind(link_folder()) : shaping::left_behind(link_folder());
    if (left.empty()) return checkup.good("links", "nothing is left of an earlier run");
    const std::string what = fmt::format("{}", fmt::join(left, ", "));
    if (fix) return checkup.good("links", "undone: " + what);
    checkup.broken("links", "left by a killed otarig: " + what, "otarig doctor --fix");
  } catch (const std::exception& error) {
    checkup.broken("links", error.what(), "otarig doctor --fix, as root");
  }
}

void check_host(const Invocation& invocation, Checkup& checkup) {
  check_disk(invocation.database_path(), checkup);
  check_database(invocation.database_path(), checkup);
  check_clock(checkup);
  check_port_grabbers(checkup);
}

}  // namespace rig::cli
