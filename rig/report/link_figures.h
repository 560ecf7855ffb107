// What the links of a campaign's cycles did, read from the notes that end their timelines (otarig
// run writes them on lane `link`, one per direction).
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "record/event.h"
#include "store/model.h"

namespace rig::report {

// One direction, over all cycles that were read.
struct LinkWay {
  std::uint64_t offered{};  // packets
  std::uint64_t delivered{};
  std::uint64_t bytes{};  // delivered
  std::uint64_t marked{};
  std::map<std::string, std::uint64_t> dropped{};  // packets by reason
  double asked_losses{};  // packets that the profile asks chance to take, in the mean
  double applied_losses{};
  // Of the cycle where each was worst; departures behind their ideal schedule.
  std::uint64_t late_p50_us{};
  std::uint64_t late_p99_us{};
  std::uint64_t late_max_us{};
  std::int64_t rate_error_ppm{};

  bool operator==(const LinkWay&) const = default;
};

struct PacketFile {
  store::CycleId cycle;
  std::string file{};
};

// The same profile through the same engine.
struct LinkFigures {
  std::string engine{};
  std::string profile{};
  std::uint64_t cycles{};
  LinkWay up{};
  LinkWay down{};
  std::string tcp{};  // how far the TCP model is off, where there was one
  std::vector<PacketFile> files{};
};

// Adds what the timeline's last notes say; nothing where it has none. Every event of `timeline`
// before the end of the cycle is passed over, so that the rest behind a trunk will do.
void add_link(std::vector<LinkFigures>& known, store::CycleId cycle,
              std::span<const record::Event> timeline);

}  // namespace rig::report
