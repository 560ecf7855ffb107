// A model of the product as the server sees it, written from the protocol's description, and a
// lossy path to it in virtual time. It keeps what it received and installs it when it restarts.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/checksum.h"
#include "base/random.h"
#include "ota/update_server.h"

namespace rig::ota::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr base::Endpoint kServer{0x0A0A0A0A, 5684};
inline constexpr base::Endpoint kDevice{0x0A000002, 49152};

// A module image whose prefix, needs and size are what a test wants; its CRC is of no interest
// here.
struct ImageMaker {
  ModuleFunction function{};
  std::uint16_t version{};
  std::uint16_t needs_system{};
  std::size_t bytes{3000};
};
CatalogueEntry make_entry(const ImageMaker& wanted);

struct Path {
  base::Duration delay{milliseconds(300)};
  double loss{0};
};

class Lab;

// The device's side. Virtual where a test wants another device.
class ScriptedDevice {
 public:
  explicit ScriptedDevice(Lab& lab) : lab_(lab) {}

  // Starts the device: a new session, HELLO, then DESCRIBE.
  void boot(std::uint8_t reset_reason);
  // Everything in RAM is gone; the device says nothing more until boot().
  void power_off();
  void receive(const base::Bytes& bytes);
  void advance();
  [[nodiscard]] std::optional<base::Instant> wake_time() const;

  [[nodiscard]] bool safe_mode() const;

  // What is installed: function to version; `corrupt` ones have a header but no integrity.
  std::map<ModuleFunction, std::uint16_t> installed;
  std::set<ModuleFunction> corrupt;
  // Called when an image was received completely, before the restart; false: the copy is lost.
  std::function<bool(const base::Bytes&)> on_install = [](const base::Bytes&) { return true; };
  bool refuse_begin{false};
  std::uint8_t result_code{0};
  base::Endpoint endpoint{kDevice};
  std::uint32_t fixed_session{0};  // not 0: every session has this number

  // What happened.
  int boots{0};
  int begins{0};
  int transfers_completed{0};
  std::set<std::uint16_t> con_chunks_seen_twice;
  base::Bytes last_image;

 private:
  struct Reception {
    Begin begin;
    base::Bytes image;
    std::vector<bool> have;
    bool done{false};
    base::Instant last_chunk{};
  };
  struct Con {
    Datagram datagram;
    base::Instant due;
    int repeated;
  };

  void handle(const Datagram& datagram);
  void on_begin(const Begin& begin);
  void on_chunk(const Chunk& chunk);
  void queue_con(Code code, base::Bytes payload);
  void send_front();
  void send(const Datagram& datagram);
  void ask_for_missing();
  void finish();
  void restart(std::uint8_t reason);
  void install(const base::Bytes& image);
  [[nodiscard]] std::string describe_text() const;
  [[nodiscard]] static std::uint16_t needs_system(std::uint16_t user_version);

  Lab& lab_;
  bool on_{false};
  std::uint16_t next_id_{1};
  std::deque<Con> cons_;
  std::optional<Reception> reception_;
  std::optional<base::Instant> restart_at_;
  std::uint8_t restart_reason_{0};
  std::deque<std::uint16_t> server_ids_;
};

// Server, device and path; runs them in virtual time.
class Lab {
 public:
  Lab(const Catalogue& catalogue, ServerSettings settings, Path path, std::uint64_t seed = 1)
      : server(catalogue, settings), device(*this), path_(path), random_(seed) {}

  // Until nothing is due any more before `limit`, or `stop` says so.
  void run(
      base::Duration limit, const std::function<bool()>& stop = [] { return false; });

  void up(const base::Bytes& payload, base::Endpoint source);
  // True when a trace of this kind has the text in it.
  [[nodiscard]] bool traced(TraceKind kind, const std::string& text) const;
  [[nodiscard]] std::vector<std::string> texts(TraceKind kind) const;
  [[nodiscard]] std::string story() const;  // every trace, for messages

  UpdateServer server;
  ScriptedDevice device;
  base::Instant now{};
  std::vector<Trace> traces;
  std::uint64_t sent_down{0};
  std::optional<base::Endpoint> last_destination;
  double loss_down_factor{1};  // of path.loss

 private:
  struct Flight {
    base::Instant at;
    bool to_device;
    base::Packet packet;
  };
  void collect();
  void deliver();
  [[nodiscard]] std::optional<base::Instant> next_event() const;
  [[nodiscard]] bool lost() { return random_.unit() < path_.loss; }

  Path path_;
  base::Random random_;
  std::deque<Flight> flights_;  // same delay for all: in order of arrival
};

}  // namespace rig::ota::testing
