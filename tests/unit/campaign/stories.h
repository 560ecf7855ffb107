// A control run that goes through the phases of an update, and what a night makes of it.
#pragma once

#include <string>
#include <vector>

#include "campaign/night.h"
#include "record/event.h"

namespace rig::campaign {

using namespace std::chrono_literals;

inline record::Event event(base::Duration at, record::EventKind kind, std::string text) {
  return {.at = base::Instant(at),
          .lane = record::Lane::device,
          .kind = kind,
          .address = {},
          .value = {},
          .text = std::move(text)};
}

// Offered at 10 s; idle 1 s, downloading 20 s, applying 1 s, downloading 5 s, applying 1 s, testing
// 2 s.
inline record::Timeline control_story() {
  using record::EventKind;
  return {event(1s, EventKind::observed, "online phase=confirmed"),
          event(10s, EventKind::update_offered, "#1 user=2"),
          event(11s, EventKind::observed, "update-begin module=user phase=downloading"),
          event(31s, EventKind::observed, "copy module=user phase=applying"),
          event(32s, EventKind::observed, "update-begin module=system phase=downloading"),
          event(37s, EventKind::observed, "copy module=system phase=applying"),
          event(38s, EventKind::observed, "system ver=700 phase=testing"),
          event(40s, EventKind::clean_reboot, "#1"),
          event(41s, EventKind::observed, "boot phase=rebooting"),
          event(60s, EventKind::update_offered, "#2 user=3")};
}

// 100 words in each stay of `applying`, the first one behind an erase.
inline std::vector<scenario::FlashOpInfo> control_operations() {
  std::vector<scenario::FlashOpInfo> operations;
  const auto add = [&](std::uint64_t index, bool erase) {
    scenario::FlashOpInfo op;
    op.index = index;
    op.erase = erase;
    op.phase = "applying";
    operations.push_back(op);
  };
  add(1, true);
  for (std::uint64_t i = 2; i <= 101; ++i) add(i, false);
  for (std::uint64_t i = 200; i < 300; ++i) add(i, false);
  return operations;
}

inline Entry some_entry(const std::string& name, std::uint32_t weight = 1) {
  Entry entry;
  entry.scenario = name;
  entry.weight = weight;
  entry.cut = scenario::Sweep{};
  entry.by_operation = true;
  entry.strata = strata_of(control_story(), control_operations());
  return entry;
}

inline Night some_night(std::vector<Entry> entries = {some_entry("a")}) {
  Night night;
  night.seed = 7;
  night.control_every = 10;
  night.entries = std::move(entries);
  return night;
}

}  // namespace rig::campaign
