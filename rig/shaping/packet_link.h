// The packet engine: a bump in the wire between two Ethernet interfaces. Every IP packet that
// arrives on one passes the model and leaves on the other when the model says; ARP passes beside
// it. Needs CAP_NET_RAW, and CAP_NET_ADMIN to switch offloads off.
//
// A thread of its own, with real-time priority where that is allowed, which carries packets and
// nothing else: it sleeps until shortly before a departure (alarm.h), looks around from there on,
// and at the clock alone at last, with the packet in its hand.
#pragma once

#include <memory>
#include <string>

#include "shaping/link.h"

namespace rig::shaping {

class PacketLink final : public Link {
 public:
  struct Settings {
    std::string board_side{};   // interface; up: from here
    std::string server_side{};  // to here
    std::string footprints{};   // folder, see footprint.h
    std::uint64_t seed{1};
    Course course{};
  };

  // The interfaces carry no address of this machine's own. They are those of the calling thread's
  // network namespace; they are started, and their offloads switched off until the end. Throws
  // base::UsageError and base::RigError.
  PacketLink(const link::Profile& profile, const Settings& settings);
  ~PacketLink() override;

  // All throw base::RigError when the engine has come to grief meanwhile (an interface is gone).
  void set(const link::Profile& profile) override;
  void set_phase(const std::string& phase) override;
  void count_from_here() override;
  void watch_bytes(const std::optional<link::ByteCount>& count) override;
  [[nodiscard]] Stats stats() const override;
  [[nodiscard]] Happenings take_happenings() override;
  std::optional<link::PacketLog> end() override;

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace rig::shaping
