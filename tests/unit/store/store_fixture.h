// A database file of its own per test, and rows to put into it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "store/store.h"

namespace rig::store {

class TemporaryFile {
 public:
  TemporaryFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "otarig-store-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFile() { std::filesystem::remove_all(folder_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] std::string path() const { return (folder_ / "otarig.db").string(); }

 private:
  std::filesystem::path folder_;
};

inline CampaignStart some_campaign() {
  CampaignStart start;
  start.scenario = "electron/0.7.0-third-party-both";
  start.scenario_yaml = "scenario: electron\n# \"quoted\" and 'single'\n";
  start.title = "0.7.0, third-party SIM";
  start.labels = {{"bootloader", "0.7.0"}, {"sim", "third \"party\"\n\x01"}};
  start.board = "sim";
  start.firmware = "electron-0.7.0";
  start.firmware_hash = "3fa1b2c4d5e6";
  start.image_hashes = {{"bootloader", "aabb"}, {"user", "ccdd"}};
  start.otarig_version = "0.1.0";
  start.seed = 0xFFFF'FFFF'FFFF'FFF7ULL;
  start.started_unix_us = 1'700'000'000'000'000;
  start.batch = "demo";
  return start;
}

inline CycleIntent intent(std::uint64_t index, CycleKind kind = CycleKind::cut) {
  return {.index = index,
          .plan = "electron@3fa1:flash-op=" + std::to_string(index) + ":seed=7",
          .kind = kind,
          .started_unix_us = 1'700'000'000'000'000 + static_cast<std::int64_t>(index)};
}

inline CycleOutcome outcome(record::Verdict verdict, const std::string& phase = "applying") {
  CycleOutcome result;
  result.judgement.verdict = verdict;
  result.judgement.phase = phase;
  result.cut = {.op = 18'234,
                .address = 0x08080040,
                .op_kind = "program",
                .torn = "prefix.1",
                .at = std::chrono::milliseconds(41'500)};
  result.host = std::chrono::milliseconds(80);
  result.ended_unix_us = 1'700'000'000'200'000;
  return result;
}

inline record::Timeline some_timeline(int lines) {
  record::Timeline timeline;
  for (int i = 0; i < lines; ++i) {
    timeline.push_back({.at = base::Instant(std::chrono::milliseconds(i)),
                        .lane = record::Lane::console,
                        .kind = record::EventKind::line,
                        .address = {},
                        .value = {},
                        .text = "system ver=604 line=" + std::to_string(i)});
  }
  return timeline;
}

}  // namespace rig::store
