// The scenario that is made from a log is one that the rig reads, and says where it is from.
#include "import/reproduction.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "scenario/scenario.h"

namespace rig::import {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

std::string made_from(const std::string& text, const StandIn& stand_in = {}) {
  const Log log = read_log(text, "dir/My.log");
  return scenario_of(log, structure_of(log), stand_in);
}

// A device and a firmware in a folder of their own, beside the shipped cards and links.
class Reproduction : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            ("otarig-import-" +
             std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "firmware");
    fs::copy(fs::path(OTARIG_SOURCE_DIR) / "fixtures", root_ / "fixtures",
             fs::copy_options::recursive);
    std::ofstream(root_ / "fixtures/devices/imp.yaml") << "about: imp\nconsole: []\n";
    for (const char* name : {"imp", "electron-0.7.0"}) {
      std::ofstream(root_ / "firmware" / (std::string(name) + ".json"))
          << R"({"user_app": {"v1": "a", "v2": "b"}, "installed_system": "1.0.0"})";
    }
  }
  void TearDown() override { fs::remove_all(root_); }

  [[nodiscard]] scenario::Scenario load(const std::string& yaml) const {
    const scenario::Library library{
        .fixtures = root_ / "fixtures", .firmware = root_ / "firmware", .scenarios = {}};
    return scenario::parse(yaml, root_ / "made.yaml", library);
  }

  fs::path root_;
};

TEST_F(Reproduction, OfTheFieldReportIsAScenario) {
  std::ifstream file(OTARIG_SOURCE_DIR "/tests/data/imp-status.log");
  std::stringstream text;
  text << file.rdbuf();
  const std::string yaml = made_from(text.str());
  const scenario::Scenario made = load(yaml);
  EXPECT_EQ(made.name, "from-my");
  EXPECT_EQ(made.device, "imp");
  EXPECT_EQ(made.link.name, "crawl");
  ASSERT_TRUE(made.watchdog);
  EXPECT_EQ(made.watchdog->period, seconds(302));
  EXPECT_NE(yaml.find("# lines 16, 19: 2 boots, 302s apart (median)"), std::string::npos) << yaml;
  EXPECT_NE(yaml.find("# line 15: 13 bytes received in 37s"), std::string::npos) << yaml;
  EXPECT_NE(
      yaml.find("#   try 2: lines 17-18, 2014-03-01 04:59:53 UTC 302s, ended by disconnected"),
      std::string::npos)
      << yaml;
}

TEST_F(Reproduction, ASingleBootIsACutAtItsTime) {
  const std::string yaml = made_from(
      "[ 10.000] update begin\n[ 10.000] got 1000 bytes\n[ 11.000] got 7000 bytes\n"
      "[ 52.000] booting\n[ 53.000] update begin\n[ 80.000] update complete\n");
  const scenario::Scenario made = load(yaml);
  EXPECT_EQ(made.device, "electron");
  EXPECT_EQ(made.link.name, "gprs");
  const auto* cut = std::get_if<record::CutPlan>(&made.cut);
  ASSERT_NE(cut, nullptr) << yaml;
  EXPECT_EQ(std::get<record::TimeTrigger>(cut->trigger).after, seconds(42));
  EXPECT_NE(yaml.find("the image came at 4.8e+04 bit/s"), std::string::npos) << yaml;
}

TEST_F(Reproduction, NamesWhatTheUserNamed) {
  const scenario::Scenario made =
      load(made_from("12:00:00.0 update begin\n", {.device = "electron", .firmware = "imp"}));
  EXPECT_EQ(made.device, "electron");
  EXPECT_EQ(made.board.firmware, "imp");
  EXPECT_FALSE(made.watchdog);
}

TEST_F(Reproduction, IsTheSameEveryTime) {
  const std::string text = "12:00:00.0 update begin\n12:00:09.0 update failed\n";
  EXPECT_EQ(made_from(text), made_from(text));
}

}  // namespace
}  // namespace rig::import
