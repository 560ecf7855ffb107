// A board's power in real time, with a switch that is a variable.
#include "board/supply.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace rig::board {
namespace {

using namespace std::chrono_literals;
using power::Level;

struct Contact {
  std::atomic<bool> closed{true};
  std::atomic<bool> broken{false};
  std::atomic<int> orders{0};
  std::chrono::milliseconds slowness{0};  // of its word, behind the deed
};

class FakeSwitch final : public power::PowerSwitch {
 public:
  explicit FakeSwitch(Contact& contact) : contact_(contact) {}
  [[nodiscard]] const power::SwitchTraits& traits() const override { return traits_; }
  [[nodiscard]] power::Switched set(power::Channel, Level level, power::Moment) override {
    if (contact_.broken) throw power::SwitchError(power::Fault::vanished, "switch the fake");
    ++contact_.orders;
    contact_.closed = level == Level::on;
    const io::Time done = io::now();
    std::this_thread::sleep_for(contact_.slowness);
    return {.not_before = done, .not_after = done};
  }
  [[nodiscard]] std::optional<power::Levels> read_back(power::Moment) override {
    power::Levels levels;
    levels.put(power::Channel{1}, contact_.closed ? Level::on : Level::off);
    return levels;
  }

 private:
  Contact& contact_;
  power::SwitchTraits traits_{.name = "fake", .reads_back = true};
};

class SupplyTest : public ::testing::Test {
 protected:
  SupplyTest() {
    board_.power.board = {{.power_switch = "fake", .channel = 1}};
    board_.power.shortest_off = 20ms;
    board_.power.settle = 5ms;
    board_.power.silence = 20ms;
    board_.power.prove_within = 60ms;
    board_.power.answer_within = 500ms;
  }

  void begin() {
    supply_.emplace(loop_, board_, desk_, journal_);
    supply_->listen({.went_off = [this](record::Domains, io::Time at) { off_at_ = at; },
                     .went_on = [this](record::Domains) { on_ = true; },
                     .settled = [this](record::Domains) { settled_ = true; },
                     .unproven = [this](record::Domains, const std::string& why) { why_ = why; },
                     .failed = [this](const std::string& cause) { failed_ = cause; },
                     .last_byte = [this] { return talks_ ? std::optional(io::now()) : last_; }});
    supply_->begin();
  }
  [[nodiscard]] bool wait(const std::function<bool()>& done) { return loop_.run_until(done, 5s); }

  const std::string path_ = (std::filesystem::path(::testing::TempDir()) /
                             ::testing::UnitTest::GetInstance()->current_test_info()->name())
                                .replace_extension("journal");
  bool cleared_ = std::filesystem::remove(path_);
  io::Loop loop_;
  power::IntentJournal journal_{path_};
  scenario::BenchBoard board_{.name = "a", .power = {}, .console = {}};
  Contact contact_;
  SwitchOpeners openers_{
      {"fake", [this](power::Moment) { return std::make_unique<FakeSwitch>(contact_); }}};
  power::SwitchDesk desk_{openers_};
  bool talks_{false};
  std::optional<io::Time> last_;
  std::optional<io::Time> off_at_;
  bool on_{false};
  bool settled_{false};
  std::string why_;
  std::string failed_;
  std::optional<Supply> supply_;
};

constexpr record::Domains kBoard{.board = true, .modem = false};

TEST_F(SupplyTest, ProvesAnOffAndRestoresAfterTheShortestTime) {
  begin();
  const io::Time begun = io::now();
  supply_->want(kBoard, Level::off);
  supply_->want(kBoard, Level::off);
  ASSERT_TRUE(wait([this] { return off_at_.has_value(); }));
  EXPECT_FALSE(contact_.closed);
  EXPECT_GE(io::now() - *off_at_, 20ms);
  supply_->want(kBoard, Level::on);
  ASSERT_TRUE(wait([this] { return settled_; }));
  EXPECT_TRUE(on_);
  EXPECT_TRUE(contact_.closed);
  EXPECT_GE(io::now() - begun, 25ms);
  EXPECT_EQ(journal_.unsettled().size(), 1U);
}

TEST_F(SupplyTest, ASwitchThatAnswersAfterTheBoardHasSettledStillTellsOfBoth) {
  begin();
  supply_->want(kBoard, Level::off);
  ASSERT_TRUE(wait([this] { return off_at_.has_value(); }));
  contact_.slowness = 50ms;  // ten times the time to settle
  supply_->want(kBoard, Level::on);
  ASSERT_TRUE(wait([this] { return settled_; }));
  EXPECT_TRUE(on_);
}

TEST_F(SupplyTest, ABoardThatStillTalksIsNotOff) {
  begin();
  talks_ = true;
  supply_->want(kBoard, Level::off);
  ASSERT_TRUE(wait([this] { return !why_.empty(); }));
  EXPECT_NE(why_.find("the console still talks"), std::string::npos);
  EXPECT_FALSE(off_at_);
}

TEST_F(SupplyTest, TheLastByteIsWhenThePowerWasGone) {
  begin();
  last_ = io::now() + 30ms;
  supply_->want(kBoard, Level::off);
  ASSERT_TRUE(wait([this] { return off_at_.has_value(); }));
  EXPECT_EQ(*off_at_, *last_);
}

TEST_F(SupplyTest, ASwitchThatFailsSaysSo) {
  begin();
  contact_.broken = true;
  supply_->want(kBoard, Level::off);
  ASSERT_TRUE(wait([this] { return !failed_.empty(); }));
  EXPECT_NE(failed_.find("switch the fake"), std::string::npos);
  EXPECT_EQ(supply_->leave_safe().size(), 1U);
  EXPECT_EQ(journal_.unsettled().size(), 1U);  // for the next start
}

TEST_F(SupplyTest, LeavesTheBoardSafeWhenItDies) {
  begin();
  EXPECT_TRUE(contact_.closed);
  supply_.reset();
  EXPECT_FALSE(contact_.closed);
  EXPECT_TRUE(journal_.unsettled().empty());
}

TEST_F(SupplyTest, SafeMayMeanOnThroughANormallyClosedContact) {
  board_.power.safe_on = true;
  board_.power.board.front().normally_closed = true;
  begin();
  supply_.reset();
  EXPECT_FALSE(contact_.closed);  // no coil current: the board has power
}

TEST_F(SupplyTest, ASenseThatSaysOnKeepsACutFromBeingProven) {
  board_.power.board.front().normally_closed = true;  // "off" closes the contact that sense reads
  board_.power.board_sense = board_.power.board.front();
  begin();
  supply_->want(kBoard, Level::off);
  ASSERT_TRUE(wait([this] { return !why_.empty(); }));
  EXPECT_NE(why_.find("its sense says on"), std::string::npos);
}

}  // namespace
}  // namespace rig::board
