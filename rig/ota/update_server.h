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
//   describe, from chunk zero.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/network.h"
#include "base/time.h"

namespace rig::ota {

enum class ModuleFunction : std::uint8_t { bootloader = 2, system = 4, user = 5 };

struct CatalogueEntry {
  ModuleFunction function{};
  std::uint16_t version{};
  base::Bytes image;  // as it is sent: prefix at its start or at 0x184, CRC at its end
};

// Versions wanted on the device; absent: leave as it is.
struct Target {
  std::optional<std::uint16_t> user;
  std::optional<std::uint16_t> system;
  std::optional<std::uint16_t> bootloader;
};

enum class TransferMode : std::uint8_t { fast, confirmed };  // fast: unconfirmed chunks, then repair

struct ServerSettings {
  base::Endpoint address{0x0A0A0A0A, 5684};
  TransferMode mode{TransferMode::fast};
  base::Duration chunk_interval{std::chrono::milliseconds(100)};  // fast mode pacing
  bool healing{true};
  std::uint32_t offers{0};  // at most this many transfers of one module; 0: as often as it takes
};

struct SendPacket {
  base::Packet packet;
};
// For the timeline; kinds as in record/event.h, lane server.
enum class TraceKind : std::uint8_t { session, describe, offer, progress, result, healing, note };
struct Trace {
  base::Instant at{};
  TraceKind kind{};
  std::uint64_t value{};
  std::string text;
};
using Output = std::variant<SendPacket, Trace>;

class UpdateServer {
 public:
  UpdateServer(std::vector<CatalogueEntry> catalogue, ServerSettings settings);

  // Replaces the wanted versions; takes effect at once when a device is in session.
  void set_target(Target target, base::Instant now);
  void receive(const base::Packet& packet, base::Instant now);
  void advance(base::Instant now);
  [[nodiscard]] std::optional<base::Instant> wake_time() const;
  [[nodiscard]] std::vector<Output> take_outputs();
};

}  // namespace rig::ota
