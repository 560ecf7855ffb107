#include "store/cut_spot.h"

#include <algorithm>
#include <charconv>

namespace rig::store {
namespace {

using record::Event;
using record::EventKind;
using record::Lane;
using record::Timeline;

Timeline::const_iterator landed_in(const Timeline& timeline) {
  return std::find_if(timeline.begin(), timeline.end(),
                      [](const Event& event) { return event.kind == EventKind::cut_landed; });
}

// "program@0x08080040"
void read_operation(std::string_view text, CutSpot& spot) {
  const auto at = text.find('@');
  spot.op_kind = text.substr(0, at);
  if (at == std::string_view::npos || text.substr(at + 1, 2) != "0x") return;
  const std::string_view digits = text.substr(at + 3);
  std::from_chars(digits.data(), digits.data() + digits.size(), spot.address, 16);
}

}  // namespace

CutSpot cut_spot_of(const Timeline& timeline) {
  CutSpot spot;
  const auto landed = landed_in(timeline);
  if (landed == timeline.end()) return spot;
  spot.op = landed->value;
  spot.at = landed->at.time_since_epoch();
  if (const auto operation = record::field(landed->text, "op")) read_operation(*operation, spot);
  const auto torn = std::find_if(timeline.begin(), timeline.end(), [&](const Event& event) {
    return event.at == landed->at && event.lane == Lane::flash && event.kind == EventKind::torn;
  });
  if (torn != timeline.end()) spot.torn = torn->text;
  return spot;
}

std::optional<base::Duration> recovery_of(const Timeline& timeline) {
  const auto on = std::find_if(landed_in(timeline), timeline.end(), [](const Event& event) {
    return event.lane == Lane::power && event.kind == EventKind::on;
  });
  const auto online = std::find_if(on, timeline.end(), [](const Event& event) {
    return event.kind == EventKind::observed && record::first_word(event.text) == "online";
  });
  if (online == timeline.end()) return std::nullopt;
  return online->at - on->at;
}

}  // namespace rig::store
