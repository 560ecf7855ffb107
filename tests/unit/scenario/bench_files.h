// A folder of scenario, fixture and firmware files that a test writes and that vanishes with it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/rig_error.h"
#include "scenario/library.h"

namespace rig::scenario::test {

inline const char* const kManifest = R"({"name": "electron-0.7.0", "platform": 10,
  "bootloader": "electron/bootloader-0.7.0.bin",
  "system": {"0.6.4": "a.bin", "0.7.0": "b.bin"}, "installed_system": "0.6.4",
  "user_app": {"v1": "1.bin", "v2": "2.bin", "v3": "3.bin"}, "factory": null,
  "bootloaders": {"0.7.0": "c.bin", "2.0.0": "d.bin"}})";

class BenchFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ =
        std::filesystem::path(::testing::TempDir()) /
        ("otarig-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(root_);
    write("firmware/electron-0.7.0.json", kManifest);
    write("fixtures/devices/electron.yaml", "console: [{match: '^online', event: online}]\n");
    write("fixtures/sim-cards/third-party.yaml",
          "imsi: \"204513000000017\"\niccid: \"8931513000000000017\"\napn: iot.example.net\n");
    write("fixtures/links/gprs.yaml",
          "up: {rate: 50kbit/s, delay: 500ms, jitter: 50ms, loss: 2%, queue: 100}\n"
          "down: {rate: 0.04KB/s}\noutages:\n  - {from: 120s, for: 30s}\n");
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    const auto path = root_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }
  [[nodiscard]] Library library() const {
    return {.fixtures = root_ / "fixtures",
            .firmware = root_ / "firmware",
            .scenarios = root_ / "scenarios"};
  }

  std::filesystem::path root_;
};

// What a UsageError says; empty when nothing is thrown.
template <class Action>
std::string complaint_of(Action action) {
  try {
    action();
  } catch (const base::UsageError& error) {
    return error.what();
  }
  return {};
}

}  // namespace rig::scenario::test
