#include "board/shaped_path.h"

#include <algorithm>
#include <utility>

namespace rig::board {
namespace {

using base::Direction;
using record::EventKind;
using record::Lane;

record::Event event_of(link::Change change) {
  return {change.at, Lane::link, EventKind::shaped, 0, 0, std::move(change.text)};
}

record::Event event_of(const link::Drop& drop) {
  const bool up = drop.direction == Direction::up;
  return {drop.at, Lane::link,      EventKind::dropped,
          0,       drop.wire_bytes, (up ? "up " : "down ") + drop.reason};
}

}  // namespace

ShapedPath::ShapedPath(io::Loop& loop, const Settings& settings, Handlers handlers)
    : handlers_(std::move(handlers)) {
  link_ = settings.open(
      loop, {.begun = settings.begun,
             .keeps_packets = settings.keeps_packets,
             .happened = [this, &loop] { loop.post([this] { take(); }); }});  // another thread's
}

void ShapedPath::take() {
  if (!link_) return;
  shaping::Happenings happenings = link_->take_happenings();
  record::Timeline events;
  for (link::Change& each : happenings.changes) events.push_back(event_of(std::move(each)));
  for (const link::Drop& each : happenings.drops) events.push_back(event_of(each));
  std::ranges::stable_sort(events, {}, &record::Event::at);
  for (const record::Event& each : events) handlers_.recorded(each);
  if (happenings.reached && handlers_.reached) handlers_.reached();
}

ShapedPath::Outcome ShapedPath::end() {
  Outcome outcome{.stats = {}, .packets = link_->end()};
  outcome.stats = link_->stats();
  handlers_.reached = {};
  take();
  link_.reset();
  return outcome;
}

}  // namespace rig::board
