#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace rig::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTerminalInterval = std::chrono::milliseconds(200);
constexpr auto kLogInterval = std::chrono::seconds(5);

}  // namespace

Progress::Progress(std::string title, std::size_t total, bool silent)
    : title_(std::move(title)),
      total_(total),
      silent_(silent),
      terminal_(isatty(STDERR_FILENO) == 1),
      begun_(Clock::now()),
      drawn_(begun_) {}

Progress::~Progress() { draw(true); }

void Progress::count(record::Verdict verdict) {
  ++done_;
  ++verdicts_[verdict];
  tick();
}

void Progress::tick() {
  const Clock::duration interval =
      terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kLogInterval);
  if (Clock::now() - drawn_ >= interval) draw(false);
}

std::string Progress::line() const {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string text = fmt::format("{}: {}/{} cycles, {:.1f}/s", title_, done_, total_, rate);
  if (rate > 0 && total_ > done_) {
    text += fmt::format(", {:.0f} s left", static_cast<double>(total_ - done_) / rate);
  }
  for (const auto& [verdict, count] : verdicts_) {
    text += fmt::format(" · {} {}", record::name_of(verdict), count);
  }
  return text;
}

void Progress::draw(bool last) {
  if (silent_) return;
  drawn_ = Clock::now();
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}{}", line(), last ? "\n" : "");
  } else {
    fmt::print(stderr, "{}\n", line());
  }
  std::fflush(stderr);
}

}  // namespace rig::cli
