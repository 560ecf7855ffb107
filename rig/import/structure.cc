#include "import/structure.h"

#include <algorithm>

namespace rig::import {
namespace {

constexpr Micros kSilence = std::chrono::hours(12);

class Builder {
 public:
  void take(const LogLine& line) {
    if (structure_.stretches.empty() || line.stamp.at - last_.at > kSilence) begin_stretch(line);
    step(line);
    last_ = line.stamp;
    stretch().end = line.stamp;
    stretch().first_line = std::min(stretch().first_line, line.number);
    stretch().last_line = std::max(stretch().last_line, line.number);
  }

  Structure finish() {
    close_stretch();
    for (Stretch& stretch : structure_.stretches) count(stretch);
    return std::move(structure_);
  }

 private:
  Stretch& stretch() { return structure_.stretches.back(); }
  Session* open() { return open_ ? &stretch().sessions.back() : nullptr; }

  void begin_stretch(const LogLine& line) {
    close_stretch();
    structure_.stretches.push_back({.first_line = line.number,
                                    .last_line = line.number,
                                    .begin = line.stamp,
                                    .end = line.stamp,
                                    .sessions = {},
                                    .resets = {},
                                    .safe_modes = {},
                                    .gaps = {},
                                    .cycles = {}});
  }

  void close_stretch() {
    if (Session* session = open()) session->length = last_.at - session->begin.at;
    open_ = false;
  }

  void step(const LogLine& line) {
    switch (line.what) {
      case What::text:
        return;
      case What::connected:
      case What::downloading:
      case What::progress:
        join(line);
        return;
      case What::triggered:
        return trigger(line);
      case What::disconnected:
        return close(line, Ending::disconnected);
      case What::finished:
        return close(line, Ending::finished);
      case What::failed:
        return close(line, Ending::failed);
      case What::reset:
        stretch().resets.push_back({line.number, line.stamp, line.text});
        if (open_) close(line, Ending::reset);
        return;
      case What::reset_reported:
        stretch().resets.push_back({line.number, line.stamp, line.text});
        return;
      case What::safe_mode:
        stretch().safe_modes.push_back({line.number, line.stamp, line.text});
        return;
      case What::version:
        structure_.versions.push_back({line.number, line.stamp, line.text});
        return;
    }
  }

  Session& join(const LogLine& line) {
    if (!open_) {
      stretch().sessions.push_back(
          {.first_line = line.number, .last_line = line.number, .begin = line.stamp});
      open_ = true;
      progress_.reset();
      triggered_.reset();
    }
    Session& session = *open();
    session.first_line = std::min(session.first_line, line.number);
    session.last_line = std::max(session.last_line, line.number);
    if (line.what != What::connected) session.update = true;
    if (line.bytes) note_progress(session, line);
    return session;
  }

  // A trigger in a session that had one is the next attempt, unless both are of one moment: the
  // imp's server logs "Downloading new code" and "firmware update triggered" in either order.
  void trigger(const LogLine& line) {
    if (open_ && triggered_ && *triggered_ != line.stamp.at) close(line, Ending::next_trigger);
    join(line);
    triggered_ = line.stamp.at;
  }

  void note_progress(Session& session, const LogLine& line) {
    session.image_bytes = line.bytes;
    if (line.of) session.image_size = line.of;
    if (!progress_ || *line.bytes < *progress_->bytes) progress_ = line;
    const Micros span = line.stamp.at - progress_->stamp.at;
    const std::uint64_t bytes = *line.bytes - *progress_->bytes;
    if (span.count() > 0 && bytes > 0) {
      session.image_rate_bps =
          static_cast<double>(bytes) * 8 / std::chrono::duration<double>(span).count();
    }
  }

  void close(const LogLine& line, Ending ending) {
    const bool unseen = !open_;
    Session& session = unseen ? join(line) : *open();
    session.begins_before = unseen;
    if (unseen) session.update = ending == Ending::finished || ending == Ending::failed;
    session.ending = ending;
    session.length = line.stamp.at - session.begin.at;
    session.sent = line.sent;
    session.received = line.received;
    if (line.bytes) note_progress(session, line);
    if (ending != Ending::next_trigger)
      session.last_line = std::max(session.last_line, line.number);
    open_ = false;
  }

  static void count(Stretch& stretch) {
    const Session* last = nullptr;
    const Session* last_update = nullptr;
    for (const Session& session : stretch.sessions) {
      if (last != nullptr) stretch.gaps.push_back(session.begin.at - last->begin.at - last->length);
      last = &session;
      if (!session.update) continue;
      if (last_update != nullptr) {
        stretch.cycles.push_back(session.begin.at - last_update->begin.at);
        if (last_update->ending != Ending::finished) ++stretch.retries;
      }
      last_update = &session;
    }
  }

  Structure structure_;
  bool open_{false};
  Stamp last_;
  std::optional<LogLine> progress_;  // the first of its session, or since the image began anew
  std::optional<Micros> triggered_;
};

}  // namespace

Structure structure_of(const Log& log) {
  Builder builder;
  for (const LogLine& line : log.lines) builder.take(line);
  return builder.finish();
}

std::string_view name_of(Ending ending) {
  constexpr std::string_view kNames[] = {"disconnected", "finished",     "failed",
                                         "reset",        "next-trigger", "end-of-log"};
  return kNames[static_cast<std::size_t>(ending)];
}

std::optional<Micros> median(std::vector<Micros> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return (values[middle - 1] + values[middle]) / 2;
}

}  // namespace rig::import
