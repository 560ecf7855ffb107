#include "console/intake.h"

#include <utility>

namespace rig::console {

// Ends also when a listener throws.
class Intake::Giving {
 public:
  explicit Giving(Intake& intake) : intake_(intake) { intake_.giving_ = true; }
  ~Giving() {
    intake_.giving_ = false;
    intake_.events_.clear();
  }
  Giving(const Giving&) = delete;
  Giving& operator=(const Giving&) = delete;

 private:
  Intake& intake_;
};

Intake::Intake(io::Loop& loop, ConsoleSettings settings)
    : settings_(std::move(settings)),
      feed_(settings_.lines),
      log_(settings_.log_file),
      silence_(loop),
      log_flush_(loop) {}

void Intake::receive(base::ByteView bytes, Time now) {
  feed_.receive(bytes, now, events_);
  log_.append(bytes);
  flush_log_later();
  watch_silence();
  give();
  if (log_.is_full()) flush_log();
}

void Intake::count(const LineCounters& counters, Time now) {
  feed_.count(counters, now, events_);
  give();
}

void Intake::vanish(std::string reason, Time now) {
  feed_.vanish(std::move(reason), now, events_);
  flush_log();
  give();
}

void Intake::come_back(std::string where, Time now) {
  feed_.come_back(std::move(where), now, events_);
  give();
}

void Intake::trouble(std::string what, Time now) {
  events_.emplace_back(Trouble{.at = now, .what = std::move(what)});
  give();
}

void Intake::end_line() {
  feed_.end_line(events_);
  give();
}

void Intake::hold_log(bool held) { report_log(log_.hold(held)); }

void Intake::flush_log() { report_log(log_.flush()); }

// A listener may cause further events (end_line) while it is told of these: they come after. It
// may also set another listener, which must not end the one that runs: hence the copy.
void Intake::give() {
  if (events_.empty() || giving_) return;
  const Giving now(*this);
  const Console::Listener listener = listener_;
  if (!listener) return;
  for (std::size_t next = 0; next < events_.size();) {
    const Event event = std::move(events_[next++]);  // the vector may grow, and move
    listener(event);
  }
}

void Intake::report_log(const std::optional<std::string>& failure) {
  if (failure) trouble(*failure, io::now());
}

void Intake::flush_log_later() {
  if (log_.is_empty() || log_flush_.is_set()) return;
  log_flush_.after(RawLog::kFlushEvery, [this](Time) { flush_log(); });
}

// One timer per begun line, not one per piece of it.
void Intake::watch_silence() {
  const auto wake = feed_.wake_time();
  if (!wake || silence_.is_set()) return;
  silence_.at(*wake, [this](Time now) {
    feed_.flush_silent(now, events_);
    give();
    watch_silence();
  });
}

}  // namespace rig::console
