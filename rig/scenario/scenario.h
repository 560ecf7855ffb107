// A scenario: how to provision a board, what update to drive over which link, where to cut, what
// must survive. Read from YAML (keys: README, "a scenario file"); plain values afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "link/shaped_link.h"
#include "modem/modem.h"
#include "ota/http_settings.h"
#include "ota/update_server.h"
#include "record/contract.h"
#include "record/cut_plan.h"
#include "scenario/library.h"
#include "scenario/program.h"
#include "tcp/personality.h"

namespace rig::scenario {

// A file of the user's own firmware, in place of a manifest.
struct FlashFile {
  std::filesystem::path file;
  std::optional<std::uint32_t> at;  // where its bytes go; absent: an ELF file, which knows
  std::string where;                // in the scenario: "file:line:column", for complaints
};

struct BoardSpec {
  std::string kind{"sim"};         // or "serial": a board of the bench
  std::string firmware;            // name of the manifest: "electron-0.7.0"
  std::filesystem::path manifest;  // where it was found
  // Planted before the first power-on, update included: no modem, no server. Or empty.
  std::vector<FlashFile> flash;
  std::filesystem::path mcu;  // description of the chip that they are for; empty: built in
  base::Duration hold_up{std::chrono::milliseconds(20)};  // a shorter loss of power is not noticed
  bool vbat{false};  // backup registers survive a loss of power
  modem::Model modem{modem::Model::sara_u2};
  tcp::Personality transport{tcp::cellular_module()};  // of the modem's TCP sockets
};

struct Provision {
  std::uint16_t user_app{1};
  std::string apn;                 // compiled into the user application; empty: it sets none
  std::optional<Program> program;  // puts that on a real board; absent: it is there already
};

// Somebody else's server, to which a link may lead connections (link::Divert).
struct Portal {
  std::uint32_t address{};
  ota::HttpSettings http;
};

struct UpdateSpec {
  ota::Target target;
  ota::TransferMode mode{ota::TransferMode::fast};
  base::Duration chunk_interval{std::chrono::milliseconds(100)};
  std::uint32_t offers{0};  // transfers of one module at most; 0: as often as it takes
  std::optional<ota::HttpSettings> http;  // the images are there to be fetched as well
  std::optional<Portal> portal;
  // The product's own way on a real board, in place of the rig's server. `offer` runs once for each
  // update; `trigger` behind it, and again whenever the device is online without the update.
  std::optional<Program> offer;
  std::optional<Program> trigger;
};

// A TCP relay between the link and the server: a path of its own beyond it.
struct RelaySpec {
  std::uint16_t mss{1460};  // of the relay's own connection to the server
  link::Profile link;
};

// An external supervisor that takes the power away when it was not fed for a period.
struct Watchdog {
  base::Duration period{std::chrono::minutes(10)};
  record::Domains domains{.board = true, .modem = true};
  base::Duration off_for{std::chrono::seconds(2)};
};

enum class SweepOver : std::uint8_t { flash_op, time };

struct Sweep {
  SweepOver over{SweepOver::flash_op};
  std::uint32_t points{120};  // cycles, about; 0: every operation with every torn model
  std::vector<record::TornKind> torn{record::TornKind::old_state, record::TornKind::new_state,
                                     record::TornKind::prefix, record::TornKind::partial_erase};
  record::Domains domains;
  base::Duration off_for{std::chrono::seconds(2)};
};

// Of the clean reboots behind a recovery: how long the device is left alone before its power is
// taken, so that the reboot is no cut, and for how long it is gone.
struct RebootTimes {
  base::Duration settle{std::chrono::seconds(5)};
  base::Duration off_for{std::chrono::seconds(2)};
};

// No cut; one cut; many.
using Cut = std::variant<std::monostate, record::CutPlan, Sweep>;

struct Expect {
  record::AllowedVersions user_app;
  std::string apn;
  base::Duration online_within{std::chrono::minutes(5)};
  base::Duration update_finishes_within{std::chrono::minutes(30)};
  std::map<std::string, std::vector<record::Verdict>> allowed;
};

struct Scenario {
  std::string id;    // path below the scenarios folder without .yaml, or the path as given
  std::string name;  // key `scenario`
  std::string title;
  std::string story;
  std::filesystem::path file;
  std::string device;  // name of the device profile, or the path of its file
  BoardSpec board;
  modem::SimCard sim_card;
  modem::NetworkSettings network;  // its times; hosts and addresses are the board's business
  Provision provision;
  record::Versions start;  // provisioned user application and installed system
  UpdateSpec update;
  std::optional<std::uint16_t>
      second_update;  // user application version; `none` in the file: absent
  std::uint32_t clean_reboots{3};
  RebootTimes reboot_times;
  link::Profile link;
  std::optional<RelaySpec> relay;
  Cut cut;
  std::optional<Watchdog> watchdog;
  Expect expect;
  std::uint64_t seed{1};
  std::map<std::string, std::string> labels;
  // Another scenario of the same family whose firmware has a planted bug: a soak runs it now and
  // then, to show that the rig would see one. Empty: there is none.
  std::string known_bad;
};

// Throws base::UsageError with "file:line:column: what is wrong; what would be right".
[[nodiscard]] Scenario load(const std::filesystem::path& file, const Library& library);
// The same of a text that `file` once held, as a campaign keeps it; `file` need not exist any more.
[[nodiscard]] Scenario parse(const std::string& text, const std::filesystem::path& file,
                             const Library& library);

}  // namespace rig::scenario
