#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "base/shallow_idle.h"
#include "base/thread_priority.h"
#include "cli/doctor.h"
#include "io/timer.h"

namespace rig::cli {
namespace {

constexpr std::size_t kNaps = 200;
constexpr std::chrono::milliseconds kNap{1};
constexpr double kLateMs = 1;  // a cut that comes later has missed what it was aimed at

// Waits as every part of the rig does. In 99 of 100 naps no later than this.
double measured_lateness_ms() {
  std::vector<double> late;
  io::Loop loop;
  io::Timer timer(loop);
  io::Time due;
  std::function<void(io::Time)> woken = [&](io::Time now) {
    late.push_back(std::chrono::duration<double, std::milli>(now - due).count());
    if (late.size() == kNaps) return loop.stop();
    due = now + kNap;
    timer.at(due, woken);
  };
  due = io::now() + kNap;
  timer.at(due, woken);
  loop.run();
  const auto at = late.begin() + static_cast<std::ptrdiff_t>(kNaps * 99 / 100);
  std::nth_element(late.begin(), at, late.end());
  return *at;
}

}  // namespace

void check_waking(Checkup& checkup) {
  const base::PreferredThread thread;
  const base::ShallowIdle idle;
  const double late = measured_lateness_ms();
  const std::string found =
      fmt::format("this machine wakes the rig at most {:.2f} ms late in 99 of 100 cases", late);
  std::string missing;
  if (!thread.granted()) missing = "real-time priority (LimitRTPRIO=1 or CAP_SYS_NICE)";
  if (!idle.granted()) {
    missing += missing.empty() ? "" : " and ";
    missing += "/dev/cpu_dma_latency (fixtures/udev/60-otarig.rules)";
  }
  if (late <= kLateMs) {
    return checkup.good("waking", missing.empty() ? found : found + ", without " + missing);
  }
  checkup.notice("waking", found,
                 missing.empty() ? "other programs or this machine's host keep its processors busy"
                                 : "give this user " + missing);
}

}  // namespace rig::cli
