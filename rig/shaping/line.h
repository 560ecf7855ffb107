// The model of a link in real time, for a relay: what is sent in is handed out when the model says,
// by the loop. One line carries all flows of a board: they queue behind each other as on its radio.
//
// It pushes back where a packet network would drop: what has no room is to be left unread where it
// is (a socket's buffer), so memory is bounded. The room in one direction is the profile's queue in
// full-size packets, plus what is under way while the delay lasts, at most Settings::memory.
//
// What arrives bears the addresses that it has where the link ends: behind a router of the model
// another port of the device's, where connections are led elsewhere another server.
#pragma once

#include <compare>
#include <deque>
#include <functional>
#include <map>

#include "io/timer.h"
#include "link/shaped_link.h"
#include "shaping/link.h"

namespace rig::shaping {

// A connection, or the datagrams of one client.
struct Flow {
  base::Protocol protocol{};
  base::Endpoint device;
  base::Endpoint server;
  auto operator<=>(const Flow&) const = default;
};

class Line {
 public:
  struct Settings {
    std::uint64_t seed{1};
    std::uint64_t memory{12U << 20};  // bytes under way in one direction
    Course course{};
  };
  struct Handlers {
    // Up: `source` is what the server sees, `destination` whom the device reaches.
    std::function<void(base::Direction, base::Packet)> arrived;
    std::function<void(base::Direction)> room;  // after wait_for_room()
  };

  Line(io::Loop& loop, link::Profile profile, Settings settings);

  // The handlers may close their own flow.
  void open(const Flow& flow, Handlers handlers);
  // What it has under way still takes its time on the line and arrives nowhere.
  void close(const Flow& flow);

  // Not within an outage either: TCP would send it again after it.
  [[nodiscard]] bool has_room(base::Direction direction, std::uint64_t wire_bytes) const;
  // The same of a datagram, which an outage loses.
  [[nodiscard]] bool has_datagram_room(base::Direction direction, std::uint64_t wire_bytes) const;
  // Handlers::room is called once when there may be room again, in the order of asking.
  void wait_for_room(const Flow& flow, base::Direction direction);
  enum class Sent : std::uint8_t {
    passed,
    dropped,  // by the model, for good
    stalled,  // the model lets nothing of this flow pass now, and may later
  };
  Sent send(const Flow& flow, base::Direction direction, base::Packet packet);
  // A datagram that finds no room, before it reaches the model.
  void drop(base::Direction direction, std::uint64_t wire_bytes);

  void set(const link::Profile& profile);
  void set_phase(const std::string& phase);
  void count_from_here();
  void watch_bytes(const std::optional<link::ByteCount>& count);
  [[nodiscard]] Happenings take_happenings();
  [[nodiscard]] std::optional<link::PacketLog> log() const { return model_.log(); }
  [[nodiscard]] const Stats& stats() const { return stats_; }
  [[nodiscard]] Stats& stats() { return stats_; }
  [[nodiscard]] base::Duration running() const { return io::now() - begun_; }

 private:
  struct Way {
    std::uint64_t under_way{0};  // wire bytes
    std::uint64_t room{0};
    std::deque<Flow> waiting;
  };
  [[nodiscard]] Way& way(base::Direction direction);
  [[nodiscard]] const Way& way(base::Direction direction) const;
  [[nodiscard]] base::Instant now() const { return io::instant_of(io::now(), start_); }
  [[nodiscard]] std::optional<base::Instant> outage_end(base::Instant at) const;
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  // The reason of the last one; empty: there was none.
  std::string book_drops();
  [[nodiscard]] bool is_stall(const std::string& reason) const;
  void tell();
  void release();
  void hand_out(link::Delivery delivery);
  void offer_room(base::Direction direction);
  void schedule();

  io::Time begun_;
  io::Time start_;  // of the model's clock
  Settings settings_;
  link::ShapedLink model_;
  Way up_;
  Way down_;
  struct Opened {
    Handlers handlers;
    base::Endpoint seen;  // the device, by the server: of the last packet up
  };
  [[nodiscard]] std::map<Flow, Opened>::iterator flow_of(const link::Delivery& delivery);

  std::map<Flow, Opened> flows_;
  Stats stats_;
  Happenings happenings_;
  std::optional<link::ByteCount> watched_;
  bool told_{false};
  io::Timer timer_;
  bool releasing_{false};
};

}  // namespace rig::shaping
