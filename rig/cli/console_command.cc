#include <fmt/chrono.h>
#include <fmt/format.h>

#include <csignal>

#include "cli/commands.h"
#include "cli/real_board.h"
#include "io/signals.h"

namespace rig::cli {
namespace {

using std::chrono::system_clock;

// The hour of the day at which something happened, to the millisecond.
std::string clock_text(io::Time at) {
  const auto when =
      system_clock::now() - std::chrono::duration_cast<system_clock::duration>(io::now() - at);
  const auto fraction = std::chrono::duration_cast<std::chrono::milliseconds>(
      when.time_since_epoch() % std::chrono::seconds(1));
  return fmt::format("{:%H:%M:%S}.{:03}", fmt::localtime(system_clock::to_time_t(when)),
                     fraction.count());
}

void print(io::Time at, const std::string& text) {
  fmt::print("{}  {}\n", clock_text(at), text);
  std::fflush(stdout);
}

void print_event(const console::Event& event) {
  if (const auto* line = std::get_if<console::Line>(&event)) {
    print(line->first, line->text);
  } else if (const auto* gone = std::get_if<console::Vanished>(&event)) {
    print(gone->at, "[the console vanished: " + gone->reason + "]");
  } else if (const auto* back = std::get_if<console::Returned>(&event)) {
    print(back->at, "[the console is back at " + back->where + "]");
  } else if (const auto* fault = std::get_if<console::LineFault>(&event)) {
    print(fault->at, fmt::format("[{} x{}]", console::name_of(fault->kind), fault->count));
  } else if (const auto* trouble = std::get_if<console::Trouble>(&event)) {
    print(trouble->at, "[" + trouble->what + "]");
  }
}

}  // namespace

void ConsoleCommand::run(Invocation& invocation) const {
  const RealBoard real = open_board(invocation, board_, log_);
  io::Loop loop;
  const auto console = real.parts.open_console(loop);
  console->listen(print_event);
  const io::Signals signals(loop, {SIGINT, SIGTERM}, [&loop](int) { loop.stop(); });
  if (seconds_ <= 0) return loop.run();
  loop.run_for(std::chrono::duration_cast<io::Duration>(std::chrono::duration<double>(seconds_)));
}

}  // namespace rig::cli
