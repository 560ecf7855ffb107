// The cloud side of the product's update protocol: sessions of one device, the catalogue of module
// images, the update the operator asked for, and the healing of devices in safe mode. Pure; copied
// with the world. Wire format: protocol.h.
//
// Policy: the operator's target (a version per module) stays wanted until the device reports it.
// - normal mode: the user application is pushed first (as Particle does), then whatever the
//   device's describe still lacks;
// - safe mode: modules that a module of the device depends on are pushed first (the healer); a user
//   module that is missing or corrupt is pushed after that;
// - a transfer that ended without a result (silence, new session) is offered again at the next
//   describe, from chunk zero. So is one that the device refused or accepted: an update counts as
//   done only when a describe reports it.
// A version that the device reports intact is never pushed, and neither is a system that is older
// than the device's user module needs.
//
// A session begins with HELLO and ends with the next one, or when a CON of the server stays without
// an answer; what a device sends outside a session is not answered, so it connects anew. Replies go
// where the device's last datagram of the session came from (an address translator may have given
// it another port). Links here keep the order of datagrams, so a repeated HELLO behind the DESCRIBE
// of its own session is a new connection that happens to have drawn the same session number.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"
#include "ota/catalogue.h"
#include "ota/describe.h"
#include "ota/exchange.h"
#include "ota/protocol.h"
#include "ota/push_plan.h"
#include "ota/request.h"
#include "ota/transfer.h"

namespace rig::ota {

// fast: unconfirmed chunks, then repair. fetched: the device is only told of the version and gets
// the image elsewhere (over HTTP); the transfer lasts until its next session.
enum class TransferMode : std::uint8_t { fast, confirmed, fetched };

struct ServerSettings {
  base::Endpoint address{0x0A0A0A0A, 5684};
  TransferMode mode{TransferMode::fast};
  base::Duration chunk_interval{std::chrono::milliseconds(100)};  // fast mode pacing
  bool healing{true};       // false: nothing is pushed to a device in safe mode
  std::uint32_t offers{0};  // at most this many transfers of one module per target; 0: no limit
};

struct SendPacket {
  base::Packet packet;
};
// For the timeline; kinds as in record/event.h, lane server. Texts:
//   session   "hello mode=safe session=1a2b reset=70", "gone reason=no-answer code=done",
//             "gone reason=new-session", "gone reason=reset"
//   describe  "user=2 system=604 bootloader=700 missing=system:700"
//   offer     value: n-th offer of that module; "module=user ver=2 len=65540 attempt=1"
//   progress  value: chunk index, every 32 in the first pass; "module=user ver=2 of=129"
//   result    value: code; "module=user ver=2 code=0"
//   healing   "module=system ver=700 because user 2 needs it"
//   note      "target reached", "event name=data", why something wanted is not sent
enum class TraceKind : std::uint8_t { session, describe, offer, progress, result, healing, note };
struct Trace {
  base::Instant at{};
  TraceKind kind{};
  std::uint64_t value{};
  std::string text;
};
using Output = std::variant<SendPacket, Trace>;

// What the server knows of the device between one HELLO and the next. Internal to the server.
struct Session {
  Hello hello;
  std::uint16_t hello_id{};
  base::Endpoint device;
  AnsweredIds answered;
  std::optional<Describe> describe;
  // Nothing more is offered until the next describe: the last offer got its result or was
  // refused.
  bool settled{false};
  std::optional<Transfer> transfer;
  std::optional<PendingCon> pending;
  base::Instant next_chunk_at{};  // fast mode
};

class UpdateServer {
 public:
  // The catalogue must outlive the server and every copy of it: images are large, worlds are copied
  // by the thousand, and nothing here writes to it.
  UpdateServer(const Catalogue& catalogue, ServerSettings settings);
  UpdateServer(Catalogue&&, ServerSettings) = delete;

  // Replaces the wanted versions; takes effect at once when a device is in session. A target that
  // differs from the last one starts counting offers anew.
  void set_target(Target target, base::Instant now);
  void receive(const base::Packet& packet, base::Instant now);
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<Output> take_outputs();

 private:
  void on_hello(const Datagram& datagram, base::Endpoint source, base::Instant now);
  void on_request(const Datagram& datagram, base::Endpoint source, base::Instant now);
  void on_ack(const Datagram& datagram, base::Instant now);
  void on_reset(const Datagram& datagram, base::Instant now);

  void act(const Describe& describe, base::Instant now);
  void act(const Ping& ping, base::Instant now);
  void act(const DeviceEvent& event, base::Instant now);
  void act(const Ready& ready, base::Instant now);
  void act(const Missing& missing, base::Instant now);
  void act(const ResultReport& result, base::Instant now);

  void decide(base::Instant now);
  void offer(const Push& push, base::Instant now);
  void refused(base::Instant now);
  void pump(base::Instant now);
  void pump_fast(base::Instant now);
  void send_chunk(std::uint16_t index, base::Instant now);
  void send_done(base::Instant now);
  void lose_session(const std::string& reason, base::Instant now);

  void send(const base::Bytes& datagram, base::Endpoint to);
  void send_con(Code code, base::Bytes payload, base::Instant now);
  void acknowledge(const Datagram& datagram, Code answer, base::Endpoint to);
  void trace(Trace entry);

  const Catalogue* catalogue_;
  ServerSettings settings_;
  Target target_;
  bool reached_{false};  // said so
  OfferCounts offered_;
  std::uint16_t next_id_{1};
  std::optional<Session> session_;
  std::vector<Output> outputs_;
};

}  // namespace rig::ota
