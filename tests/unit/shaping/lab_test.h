// For tests in namespaces of their own: skipped where those cannot be made.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "base/rig_error.h"
#include "shaping/network_lab.h"

namespace rig::shaping {

class LabTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      lab_.emplace();
    } catch (const base::RigError& error) {
      GTEST_SKIP() << error.what();
    }
  }

  std::optional<NetworkLab> lab_;
};

}  // namespace rig::shaping
