// One connection of a relay: the device's on one side, a new one to the server on the other, and
// the shaped line between. Each side's bytes are cut into segments as its TCP would send them, and
// read only when the line has room for them: a reader that is slow makes the sender slow, through
// the kernel's own windows.
//
// The beginning and the end take their time on the line as well: the server is connected when a SYN
// has crossed, the device is read from when the answer has; FIN and RST follow the bytes before
// them. (The device's own handshake is over before: the kernel has answered it.)
//
// A router of the model that forgets the connection lets nothing down until the device has sent
// something. When that comes from another port then, the server does not know it: both ends get the
// reset that it would answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "io/inet.h"
#include "io/watch.h"
#include "shaping/line.h"

namespace rig::shaping {

class TcpConnection {
 public:
  struct Settings {
    std::uint16_t mss{1460};          // bytes of a segment
    std::uint64_t window{48U << 10};  // bytes read from one side and not yet taken by the other
  };

  // `over` is called once, from the loop; it may not destroy the connection, but soon after.
  TcpConnection(io::Loop& loop, Line& line, const Flow& flow, io::UniqueFd device);
  ~TcpConnection();
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  void begin(const Settings& settings, std::function<void()> over);
  [[nodiscard]] bool refused() const { return refused_; }  // the server could not be reached

 private:
  struct Side {
    io::UniqueFd socket;
    std::optional<io::Watch> watch;
  };
  // Bytes from one side to the other.
  struct Half {
    std::uint64_t unacknowledged{0};  // read, and not yet taken by the other side
    base::Bytes untaken;              // arrived, and not yet taken
    bool blocked{false};              // the other side takes no more
    bool reading{false};
    bool waiting{false};  // for room on the line
    bool ended{false};    // FIN or RST is on the line or across
    bool finish{false};   // FIN has arrived behind `untaken`
    bool done{false};     // and was passed on
    // What the line lets not pass now; sent again as TCP would, and nothing is read meanwhile.
    std::optional<base::Packet> held{};
  };

  [[nodiscard]] Side& source(base::Direction direction) {
    return direction == base::Direction::up ? device_ : server_;
  }
  [[nodiscard]] Side& target(base::Direction direction) {
    return direction == base::Direction::up ? server_ : device_;
  }
  [[nodiscard]] Half& half(base::Direction direction) {
    return direction == base::Direction::up ? up_ : down_;
  }
  void start_reading(base::Direction direction);
  void pause_reading(base::Direction direction);
  void read(base::Direction direction);
  [[nodiscard]] bool may_read(base::Direction direction);
  void send(base::Direction direction, std::uint8_t flags, base::Bytes payload = {});
  void send(base::Direction direction, base::Packet packet);
  void send_held();
  void break_off(base::Direction direction);
  void arrived(base::Direction direction, base::Packet packet);
  void connect_server(const base::Endpoint& server);
  [[nodiscard]] bool is_forgotten(const base::Packet& packet);
  void server_answered();
  void write(base::Direction direction);
  void finish_when_taken(base::Direction direction);
  void end();

  io::Loop& loop_;
  Line& line_;
  Flow flow_;
  Settings settings_;
  std::function<void()> over_;
  Side device_;
  Side server_;
  Half up_;
  Half down_;
  io::Timer again_;                      // for what is held
  std::optional<base::Endpoint> known_;  // the device, as the server knows it
  bool refused_{false};
  bool ended_{false};
};

}  // namespace rig::shaping
