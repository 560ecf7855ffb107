#include "io/lines.h"

#include <algorithm>

#include "base/assert.h"
#include "io/printable.h"

namespace rig::io {

void LineAssembler::receive(base::ByteView bytes, Time now, std::vector<Line>& lines) {
  RIG_ASSERT(limits_.longest > 0);
  while (!bytes.empty()) {
    const auto newline = std::ranges::find(bytes, '\n');
    const auto length = static_cast<std::size_t>(newline - bytes.begin());
    take(bytes.first(length), now);
    cut_what_is_too_long(lines);
    if (length == bytes.size()) return;
    end_at_newline(now, lines);
    bytes = bytes.subspan(length + 1);
  }
}

void LineAssembler::take(base::ByteView bytes, Time now) {
  if (bytes.empty()) return;
  if (begun_.empty()) first_ = now;
  last_ = now;
  begun_ += base::as_text(bytes);
  received_ += bytes.size();
}

void LineAssembler::end_at_newline(Time now, std::vector<Line>& lines) {
  if (begun_.empty()) first_ = now;
  last_ = now;
  std::string_view text = begun_;
  while (text.ends_with('\r')) text.remove_suffix(1);
  // The LF right behind a cut or a flush ends that line: it is not an empty one of its own.
  if (!(text.empty() && continues_)) lines.push_back(finish(text, LineEnd::newline));
  ++received_;
  begun_.clear();
  continues_ = false;
}

// A CR is not counted against the limit before it is known to be part of the line.
void LineAssembler::cut_what_is_too_long(std::vector<Line>& lines) {
  std::size_t done = 0;
  std::string_view rest = begun_;
  const auto too_long = [&] {
    return rest.size() > limits_.longest &&
           rest.find_first_not_of('\r', limits_.longest) != std::string_view::npos;
  };
  for (; too_long(); rest = std::string_view(begun_).substr(done)) {
    Line line = finish(rest.substr(0, limits_.longest), LineEnd::limit);
    line.offset = received_ - rest.size();
    lines.push_back(std::move(line));
    continues_ = true;
    done += limits_.longest;
    first_ = last_;
  }
  begun_.erase(0, done);
  // A line of CRs without end would grow for ever.
  if (begun_.size() > 2 * limits_.longest) {
    lines.push_back(*flush(LineEnd::limit));
  }
}

Line LineAssembler::finish(std::string_view bytes, LineEnd end) {
  return {.first = first_,
          .last = last_,
          .offset = received_ - begun_.size(),
          .text = printable(bytes),
          .end = end,
          .continues = continues_};
}

std::optional<Line> LineAssembler::flush(LineEnd reason) {
  if (begun_.empty()) return std::nullopt;
  Line line = finish(begun_, reason);
  begun_.clear();
  continues_ = reason != LineEnd::closed;
  return line;
}

std::optional<Line> LineAssembler::flush_silent(Time now) {
  const auto wake = wake_time();
  return wake && *wake <= now ? flush(LineEnd::silence) : std::nullopt;
}

std::optional<Time> LineAssembler::wake_time() const {
  if (begun_.empty() || limits_.silence == Duration{}) return std::nullopt;
  return last_ + limits_.silence;
}

}  // namespace rig::io
