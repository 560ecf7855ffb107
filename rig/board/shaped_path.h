// The shaped path between a real board and its server, in one cycle: an engine of rig/shaping that
// follows the phases and the wire bytes of the update, on the clock of the cycle, and whose doings
// come into the timeline at the instants at which they happened.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "io/loop.h"
#include "record/event.h"
#include "shaping/link.h"

namespace rig::board {

using LinkOpener = std::function<std::unique_ptr<shaping::Link>(io::Loop&, shaping::Course)>;

class ShapedPath {
 public:
  // Called from the loop; must not destroy the path.
  struct Handlers {
    // Lane link; somewhat later than it happened.
    std::function<void(const record::Event&)> recorded{};
    std::function<void()> reached{};  // arm_bytes(); once
  };
  struct Settings {
    LinkOpener open{};
    io::Time begun{};  // instant zero of its events
    bool keeps_packets{false};
  };
  struct Outcome {
    shaping::Stats stats;
    std::optional<link::PacketLog> packets;
  };

  // Throws what the opener throws. What goes wrong later leaves the loop's run().
  ShapedPath(io::Loop& loop, const Settings& settings, Handlers handlers);

  void set_phase(const std::string& phase) { link_->set_phase(phase); }
  void count_from_here() { link_->count_from_here(); }
  void arm_bytes(base::Direction direction, std::uint64_t bytes) {
    link_->watch_bytes(link::ByteCount{direction, bytes});
  }
  void disarm() { link_->watch_bytes(std::nullopt); }
  // Nothing passes any more; what was still to be recorded is.
  [[nodiscard]] Outcome end();

 private:
  void take();

  Handlers handlers_;
  std::unique_ptr<shaping::Link> link_;
};

}  // namespace rig::board
