// A console without anything behind it, for tests of what listens to one: the test says what the
// board says, and reads what was written to it. Keeps the seam's contract (contract_test.cc).
#pragma once

#include <string>
#include <utility>

#include "base/rig_error.h"
#include "console/console.h"
#include "console/feed.h"

namespace rig::console {

class FakeConsole final : public Console {
 public:
  explicit FakeConsole(std::string name = "fake") : name_(std::move(name)) {}

  // The board's side, at an instant of the test's choice.
  void say(std::string_view text, Time now) {
    std::vector<Event> events;
    feed_.receive(base::bytes_of(text), now, events);
    give(events);
  }
  void vanish(Time now) {
    present_ = false;
    std::vector<Event> events;
    feed_.vanish("unplugged", now, events);
    give(events);
  }
  void come_back(Time now) {
    present_ = true;
    std::vector<Event> events;
    feed_.come_back("fake", now, events);
    give(events);
  }
  [[nodiscard]] const std::string& written() const { return written_; }
  [[nodiscard]] bool released() const { return released_; }
  [[nodiscard]] bool log_held() const { return log_held_; }

  [[nodiscard]] const std::string& name() const override { return name_; }
  void listen(Listener listener) override { listener_ = std::move(listener); }
  void write(base::ByteView bytes) override {
    if (!present_ || released_) {
      throw base::RigError(std::make_error_code(std::errc::no_such_device), "write to " + name_);
    }
    written_ += base::as_text(bytes);
  }
  [[nodiscard]] bool present() const override { return present_; }
  void end_line() override {
    std::vector<Event> events;
    feed_.end_line(events);
    give(events);
  }
  void release_board(bool released) override { released_ = released; }
  void hold_log(bool held) override { log_held_ = held; }
  [[nodiscard]] std::optional<Time> last_received() const override { return feed_.last_received(); }
  [[nodiscard]] std::uint64_t received() const override { return feed_.received(); }

 private:
  void give(const std::vector<Event>& events) {
    const Listener listener = listener_;
    if (!listener) return;
    for (const Event& event : events) listener(event);
  }

  std::string name_;
  Feed feed_{{}};
  Listener listener_;
  std::string written_;
  bool present_{true};
  bool released_{false};
  bool log_held_{false};
};

}  // namespace rig::console
