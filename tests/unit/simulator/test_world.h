// Worlds around the test programs of tests/unit/simulator/firmware.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "simulator/engine.h"
#include "simulator/world.h"

namespace rig::simulator::testing {

inline base::Bytes flash_with(const std::string& program) {
  std::ifstream file(std::string(OTARIG_BUILD_DIR) + "/tests/simulator/" + program + ".bin",
                     std::ios::binary);
  base::Bytes flash(std::istreambuf_iterator<char>(file), {});
  if (flash.empty()) {
    throw std::runtime_error("no test program " + program);
  }
  flash.resize(kFlashSize, 0xFF);
  return flash;
}

inline const ota::Catalogue kNoImages;

inline World world_with(const std::string& program, BoardSettings settings = {}) {
  const modem::SimCard sim{.name = "test",
                           .imsi = "901280000000001",
                           .iccid = "8988280000000000001",
                           .apn = "iot.example.net",
                           .user = {},
                           .password = {},
                           .inserted = true};
  return World(settings, flash_with(program),
               Surroundings(modem::Modem(modem::Model::sara_u2, sim, {}, settings.seed),
                            link::ShapedLink(link::Profile{}, settings.seed),
                            ota::UpdateServer(kNoImages, {})));
}

// Runs to `until` whatever happens on the way; everything that was recorded.
inline record::Timeline run_to(World& world, Engine& engine, base::Instant until) {
  record::Timeline timeline;
  while (true) {
    const auto pause = world.run(engine, until);
    auto events = world.take_events();
    timeline.insert(timeline.end(), events.begin(), events.end());
    if (pause != Pause::events) {
      return timeline;
    }
  }
}

inline std::vector<std::string> lines_of(const record::Timeline& timeline) {
  std::vector<std::string> lines;
  for (const auto& event : timeline) {
    if (event.kind == record::EventKind::line) {
      lines.push_back(event.text);
    }
  }
  return lines;
}

inline record::Timeline of_kind(const record::Timeline& timeline, record::EventKind kind) {
  record::Timeline chosen;
  for (const auto& event : timeline) {
    if (event.kind == kind) {
      chosen.push_back(event);
    }
  }
  return chosen;
}

inline std::string text_of(const record::Timeline& timeline) {
  std::string text;
  for (const auto& event : timeline) {
    text += record::to_line(event) + "\n";
  }
  return text;
}

constexpr base::Instant at(base::Duration since_start) { return base::kCycleStart + since_start; }

}  // namespace rig::simulator::testing
