#include "cli/soak_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace rig::cli {
namespace {

using Clock = std::chrono::steady_clock;
using Doing = campaign::BoardView::State;

constexpr auto kDrawEvery = std::chrono::milliseconds(250);
constexpr auto kSayEvery = std::chrono::seconds(5);
constexpr std::size_t kNarrow = 80;

std::string left_text(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 3600;
  if (seconds < 2 * kMinute) return fmt::format("{:.0f} s left", seconds);
  if (seconds < 2 * kHour) return fmt::format("{:.0f} min left", seconds / kMinute);
  return fmt::format("{:.1f} h left", seconds / kHour);
}

std::string remaining(const campaign::SoakView& view, double rate) {
  if (view.length) return ", " + left_text(base::to_seconds(*view.length - view.ran));
  if (!view.wanted || rate <= 0 || *view.wanted <= view.done) return "";
  return ", " + left_text(static_cast<double>(*view.wanted - view.done) / rate);
}

std::string verdicts_text(const std::map<record::Verdict, std::uint64_t>& verdicts) {
  std::string text;
  for (const auto& [verdict, count] : verdicts) {
    text += fmt::format(" · {} {}", record::name_of(verdict), count);
  }
  return text;
}

std::string known_bad_text(std::uint64_t cycles, std::uint64_t convicted) {
  return cycles == 0 ? "" : fmt::format(" · known-bad convicted {}/{}", convicted, cycles);
}

std::string state_text(const campaign::BoardView& board) {
  switch (board.state) {
    case Doing::idle:
      return "idle";
    case Doing::working:
      return board.doing;
    case Doing::resting:
      return "recovers: " + board.reason;
    case Doing::quarantined:
      return "QUARANTINED: " + board.reason;
  }
  return "";
}

// Columns, not bytes: a continuation byte of UTF-8 takes none.
std::string cut_to(const std::string& text, std::size_t width) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
    if (++columns > width) return text.substr(0, i);
  }
  return text;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kNarrow;
  return size.ws_col;
}

}  // namespace

std::string overall_line(const campaign::SoakView& view) {
  const double seconds = base::to_seconds(view.ran_here);
  const double rate = seconds > 0 ? static_cast<double>(view.done_here) / seconds : 0;
  std::map<record::Verdict, std::uint64_t> verdicts;
  std::uint64_t known_bad = 0;
  std::uint64_t convicted = 0;
  for (const auto& board : view.boards) {
    for (const auto& [verdict, count] : board.verdicts) verdicts[verdict] += count;
    known_bad += board.known_bad;
    convicted += board.convicted;
  }
  const std::string of = view.wanted ? fmt::format("/{}", *view.wanted) : "";
  return fmt::format("{}{} cycles, {:.1f}/s{}{}{}", view.done, of, rate, remaining(view, rate),
                     verdicts_text(verdicts), known_bad_text(known_bad, convicted));
}

std::string board_line(const campaign::BoardView& board, std::size_t width) {
  return cut_to(
      fmt::format("  {:<12} {:>6}  {}{}{}", board.name, board.done, state_text(board),
                  verdicts_text(board.verdicts), known_bad_text(board.known_bad, board.convicted)),
      width);
}

SoakProgress::SoakProgress(std::string name)
    : name_(std::move(name)), terminal_(isatty(STDERR_FILENO) == 1), drawn_(Clock::now()) {}

SoakProgress::~SoakProgress() { draw(last_); }

void SoakProgress::show(const campaign::SoakView& view) {
  last_ = view;
  const Clock::duration interval =
      terminal_ ? Clock::duration(kDrawEvery) : Clock::duration(kSayEvery);
  if (Clock::now() - drawn_ >= interval) draw(view);
}

void SoakProgress::draw(const campaign::SoakView& view) {
  drawn_ = Clock::now();
  if (terminal_) {
    draw_boards(view);
  } else {
    fmt::print(stderr, "{}: {}\n", name_, overall_line(view));
  }
  std::fflush(stderr);
}

void SoakProgress::draw_boards(const campaign::SoakView& view) {
  const std::size_t width = terminal_width() - 1;
  std::string text = lines_drawn_ > 0 ? fmt::format("\x1b[{}A", lines_drawn_) : "";
  text += fmt::format("\r\x1b[K{}\n", cut_to(name_ + ": " + overall_line(view), width));
  for (const auto& board : view.boards) {
    text += fmt::format("\r\x1b[K{}\n", board_line(board, width));
  }
  lines_drawn_ = view.boards.size() + 1;
  fmt::print(stderr, "{}", text);
}

}  // namespace rig::cli
