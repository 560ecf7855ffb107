#include "console/serial_console.h"

#include <filesystem>
#include <utility>

#include "base/assert.h"
#include "base/rig_error.h"
#include "console/port_place.h"

namespace rig::console {
namespace {

namespace fs = std::filesystem;

}  // namespace

SerialConsole::SerialConsole(io::Loop& loop, ConsoleSettings settings, Place place)
    : loop_(loop), intake_(loop, std::move(settings)), place_(std::move(place)), search_(loop) {
  RIG_ASSERT(place_.look_every > io::Duration{});
  if (place_.may_be_absent) {
    look();
  } else {
    open();
    note_counters();
  }
}

SerialConsole::~SerialConsole() = default;

// One look at the file system, for the many times that the answer is no.
bool SerialConsole::may_be_there() const {
  std::error_code error;
  const PortMatch& match = place_.match;
  if (!match.path.empty()) return fs::exists(match.path, error);
  if (match.usb_port.empty()) return true;
  return fs::exists(fs::path(place_.roots.sys) / "bus/usb/devices" / match.usb_port, error);
}

void SerialConsole::open() {
  const std::string node = node_of(place_.match, place_.roots);
  port_.emplace(node, place_.settings);
  if (released_) port_->hold_low(true);
  if (!opened_before_ && place_.settings.stale == SerialSettings::Stale::discard)
    port_->discard_input();
  stream_.emplace(
      loop_, io::ByteStream::Descriptors{.in = port_->descriptor(), .out = port_->descriptor()},
      io::ByteStream::Handlers{.received = [this](auto bytes, Time at) { receive(bytes, at); },
                               .ended = [this](auto error, Time at) { vanish(error, at); }});
  remember(node);
}

// The bare name of a port on USB may be another device's the next time: from the first opening on
// the device in this place is meant.
void SerialConsole::remember(const std::string& node) {
  node_ = node;
  why_absent_.clear();
  if (std::exchange(opened_before_, true) || place_.match.path.empty()) return;
  std::error_code error;
  if (fs::is_symlink(place_.match.path, error)) return;  // udev's links keep to their device
  if (auto again = same_again(describe_port(node, place_.roots))) place_.match = std::move(*again);
}

void SerialConsole::note_counters() {
  if (!port_) return;
  if (const auto counters = port_->counters()) intake_.count(*counters, io::now());
}

void SerialConsole::receive(base::ByteView bytes, Time now) {
  intake_.receive(bytes, now);
  note_counters();
}

void SerialConsole::vanish(std::error_code error, Time now) {
  stream_.reset();
  port_.reset();
  look_later();
  intake_.vanish(node_ + (error ? ": " + error.message() : " hung up"), now);
}

void SerialConsole::look_later() {
  // To find out who holds a port takes a look at every process; that must not delay other boards.
  constexpr int kPatience = 10;
  search_.after(place_.look_every * (held_by_another_ ? kPatience : 1), [this](Time) { look(); });
}

bool SerialConsole::try_to_open() {
  try {
    open();
    return true;
  } catch (const std::system_error& error) {
    held_by_another_ = error.code() == std::errc::device_or_resource_busy;
    why_absent_ = error.what();
  } catch (const base::UsageError& error) {
    why_absent_ = error.what();  // several match
  }
  stream_.reset();
  port_.reset();
  return false;
}

// A node that has just appeared may not have its owner yet, or be held by a program that looks at
// every new port: it is tried again, and only whoever waits for the port decides how long.
void SerialConsole::look() {
  held_by_another_ = false;
  if (!may_be_there() || !try_to_open()) return look_later();
  intake_.come_back(node_, io::now());
  note_counters();
}

void SerialConsole::write(base::ByteView bytes) {
  if (!stream_ || released_) {
    throw base::RigError(std::make_error_code(std::errc::no_such_device),
                         "write to console " + name(),
                         released_ ? "it is released for a cut" : "its port is gone");
  }
  stream_->write(bytes);
}

void SerialConsole::release_board(bool released) {
  released_ = released;
  if (!port_) return;
  try {
    port_->hold_low(released);
  } catch (const base::RigError& error) {
    // The board's own port goes with its power; the loop is about to hear of it.
    if (error.code() != std::errc::no_such_device && !port_->hung_up()) throw;
  }
}

}  // namespace rig::console
