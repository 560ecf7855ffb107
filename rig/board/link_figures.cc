#include "board/link_figures.h"

#include "record/vocabulary.h"
#include "tcp/accuracy.h"

namespace rig::board {

record::Timeline figures_of(const shaping::Stats& stats, base::Instant at, TcpSide tcp) {
  record::Timeline notes;
  for (const base::Direction each : {base::Direction::up, base::Direction::down}) {
    notes.push_back({at, record::Lane::link, record::EventKind::note, 0, 0,
                     std::string(each == base::Direction::up ? "up" : "down") +
                         " engine=" + stats.engine + " profile=" + stats.profile + " " +
                         link::to_fields(stats.meter.way(each))});
  }
  if (tcp == TcpSide::model) {
    notes.push_back({at, record::Lane::link, record::EventKind::note, 0, 0,
                     std::string(record::link_note::kTcpModel).append(tcp::kAccuracy)});
  }
  return notes;
}

}  // namespace rig::board
