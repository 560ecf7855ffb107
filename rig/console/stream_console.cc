#include "console/stream_console.h"

#include <utility>

#include "base/rig_error.h"

namespace rig::console {
namespace {

constexpr std::size_t kLastWords = 4U << 20;  // more than the kernel holds

}  // namespace

StreamConsole::StreamConsole(io::Loop& loop, ConsoleSettings settings)
    : loop_(loop), intake_(loop, std::move(settings)) {}

StreamConsole::StreamConsole(io::Loop& loop, ConsoleSettings settings, const std::string& path)
    : StreamConsole(loop, std::move(settings)) {
  listener_.emplace(loop, path, [this, path](io::UniqueFd peer) {
    attach({.in = std::move(peer), .out = {}}, path);
  });
}

void StreamConsole::attach(Ends ends, std::string where) {
  if (stream_) detach("replaced");
  ends_ = std::move(ends);
  const int in = ends_.in.get();
  stream_.emplace(loop_,
                  io::ByteStream::Descriptors{.in = in, .out = ends_.out ? ends_.out.get() : in},
                  io::ByteStream::Handlers{
                      .received = [this](auto bytes, Time at) { intake_.receive(bytes, at); },
                      .ended =
                          [this](auto error, Time at) {
                            vanish(error ? error.message() : "its end was closed", at);
                          }});
  if (std::exchange(attached_before_, true)) intake_.come_back(std::move(where), io::now());
}

void StreamConsole::detach(const std::string& reason) {
  if (stream_) stream_->drain(kLastWords);
  if (stream_) vanish(reason, io::now());
}

void StreamConsole::vanish(const std::string& reason, Time now) {
  stream_.reset();
  ends_ = {};
  intake_.vanish(reason, now);
}

void StreamConsole::write(base::ByteView bytes) {
  if (!stream_ || released_) {
    throw base::RigError(std::make_error_code(std::errc::no_such_device),
                         "write to console " + name(),
                         released_ ? "it is released for a cut" : "nothing is attached to it");
  }
  stream_->write(bytes);
}

}  // namespace rig::console
