// Campaigns in a store, as sweeps and nights would book them.
#pragma once

#include <string>
#include <vector>

#include "store/store.h"
#include "unit/store/store_fixture.h"

namespace rig::gate::test {

struct Booked {
  std::string scenario{"electron/a"};
  std::string firmware{"electron-2.0.0"};
  std::string hash{"3fa1"};
  std::string board{"sim"};
  std::string board_name{};
  std::string batch{};
  store::CampaignRole role{store::CampaignRole::trial};
  std::uint64_t seed{7};
  std::int64_t started_unix_us{1'795'000'000'000'000};
  std::uint64_t points_planned{};
};

// One cycle as it ended. The same `cut` of the same campaign makes the same plan id.
struct Ended {
  record::Verdict verdict{};
  std::string phase{"applying"};
  store::CycleKind kind{store::CycleKind::cut};
  std::uint64_t cut{};  // 0: one of its own
};

inline store::CampaignId book(store::Store& store, const Booked& booked,
                              const std::vector<Ended>& cycles) {
  store::CampaignStart start = store::some_campaign();
  start.scenario = booked.scenario;
  start.scenario_yaml =
      "scenario: a\nprovision: {user_app: v1, apn: iot.example.net}\n"
      "update: {system: 0.7.0, user_app: v2}\n";
  start.firmware = booked.firmware;
  start.firmware_hash = booked.hash;
  start.board = booked.board;
  start.board_name = booked.board_name;
  start.batch = booked.batch;
  start.role = booked.role;
  start.seed = booked.seed;
  start.started_unix_us = booked.started_unix_us;
  start.points_planned = booked.points_planned;
  const store::CampaignId id = store.begin_campaign(start);
  std::uint64_t index = 0;
  for (const Ended& each : cycles) {
    const std::uint64_t cut = each.cut != 0 ? each.cut : 1'000 + index;
    store::CycleIntent intent = store::intent(index++, each.kind);
    intent.plan = booked.scenario + "@" + booked.hash + ":flash-op=" + std::to_string(cut) +
                  ":seed=" + std::to_string(booked.seed);
    store::CycleOutcome outcome = store::outcome(each.verdict, each.phase);
    outcome.cut.at = std::chrono::milliseconds(10 * cut);
    store.finish_cycle(store.begin_cycle(id, intent), outcome, store::pack({}));
  }
  store.end_campaign(id, store::CampaignState::finished, booked.started_unix_us + 60'000'000);
  return id;
}

inline Ended control(record::Verdict verdict = record::Verdict::survived_new) {
  return {.verdict = verdict, .phase = "none", .kind = store::CycleKind::control};
}

inline std::vector<Ended> cuts(std::size_t number, record::Verdict verdict,
                               const std::string& phase = "applying") {
  return std::vector<Ended>(number, Ended{.verdict = verdict, .phase = phase});
}

inline std::vector<Ended> operator+(std::vector<Ended> left, const std::vector<Ended>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

}  // namespace rig::gate::test
