#include "board/update_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace rig::board {
namespace {

io::Command command_of(const scenario::Program& program, const scenario::Words& words) {
  io::Command command;
  command.argv = scenario::filled_in(program.argv, words);
  for (const auto& [name, text] : words) {
    std::string variable = "OTARIG_" + name;
    std::ranges::transform(variable, variable.begin(), [](char letter) {
      return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    });
    command.environment.emplace_back(variable, text);
  }
  for (const auto& [name, text] : program.env) command.environment.emplace_back(name, text);
  command.limit = program.timeout;
  return command;
}

}  // namespace

ProgramRun::ProgramRun(io::Loop& loop, const std::string& name, const scenario::Program& program,
                       const scenario::Words& words)
    : name_(name),
      child_(loop, command_of(program, words),
             {.line =
                  [this](io::Stream, const io::Line& line) {
                    last_ = line.text;
                    if (handlers_.said) handlers_.said(name_ + ": " + line.text);
                  },
              .ended = [this](const io::Outcome& outcome) { ended(outcome); }}) {}

void ProgramRun::ended(const io::Outcome& outcome) {
  std::string how = fmt::format("{}: {}", name_, to_text(outcome));
  if (!outcome.good() && !last_.empty()) how += fmt::format("; it said last: \"{}\"", last_);
  if (handlers_.ended) handlers_.ended(outcome.good(), how);
}

UpdatePrograms::UpdatePrograms(io::Loop& loop, std::optional<scenario::Program> offer,
                               std::optional<scenario::Program> trigger, Handlers handlers)
    : loop_(loop),
      offer_(std::move(offer)),
      trigger_(std::move(trigger)),
      handlers_(std::move(handlers)) {}

void UpdatePrograms::offer(scenario::Words words) {
  words_ = std::move(words);
  wanted_ = true;
  offered_ = !offer_.has_value();
  disturbed_ = false;
  start(!offered_);
}

void UpdatePrograms::missing() {
  if (!wanted_) return;
  if (offered_ && !trigger_) return;  // the device asks for it by itself
  start(!offered_);
}

void UpdatePrograms::stop() {
  wanted_ = false;
  running_.reset();
}

void UpdatePrograms::start(bool offering) {
  running_.reset();
  const auto& program = offering ? offer_ : trigger_;
  if (!program) return;
  const std::string name = offering ? "update offer" : "update trigger";
  handlers_.said(
      fmt::format("{}: {}", name, fmt::join(scenario::filled_in(program->argv, words_), " ")));
  running_.emplace(loop_, name, *program, words_);
  running_->listen({.said = handlers_.said, .ended = [this, offering](bool good, const auto& how) {
                      // Its own object goes with what follows; copies stay.
                      ended(offering, good, std::string(how));
                    }});
}

void UpdatePrograms::ended(bool offering, bool good, const std::string& how) {
  handlers_.said(how);
  if (!good && !disturbed_) return handlers_.failed(how);
  if (!good || !offering) return;
  offered_ = true;
  loop_.post([this] {
    if (wanted_) start(false);
  });
}

}  // namespace rig::board
