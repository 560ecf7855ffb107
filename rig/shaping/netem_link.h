// The kernel's netem as an engine: on each interface it shapes what leaves there, so the board's
// side carries the way down and the server's side the way up. What was set is read back, attribute
// by attribute, and taken away again when it is not what was asked for.
//
// It cannot say how accurate it was: Stats has no departures, only the profile.
#pragma once

#include <optional>
#include <string>

#include "io/time.h"
#include "shaping/footprint.h"
#include "shaping/link.h"

namespace rig::shaping {

class NetemLink final : public Link {
 public:
  struct Settings {
    std::string board_side{};   // interface
    std::string server_side{};  // interface
    std::string footprints{};   // folder, see footprint.h
  };

  // Throws base::UsageError for a profile it cannot express and for an interface that somebody
  // shapes already; base::RigError for want of rights, or of netem in the kernel.
  NetemLink(const link::Profile& profile, const Settings& settings);
  ~NetemLink() override;

  void set(const link::Profile& profile) override;
  void watch_bytes(const std::optional<link::ByteCount>& count) override;
  [[nodiscard]] Stats stats() const override;

 private:
  void clear() noexcept;
  Settings settings_;
  std::optional<Footprint> footprint_;
  io::Time start_;
  std::string profile_;
};

}  // namespace rig::shaping
