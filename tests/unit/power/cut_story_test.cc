// Whole cuts: domain, journal and workers together, over switches in memory.

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>

#include "fake_switch.h"
#include "power/safety.h"

namespace rig::power {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Stands in for an event loop: reports come from the workers' threads and are taken on this one.
class Inbox {
 public:
  LegReport report() {
    return [this](const LegOrder& order, const SwitchResult& result) {
      const std::lock_guard lock(mutex_);
      waiting_.emplace_back(order, result);
      changed_.notify_all();
    };
  }
  void pass_on(PowerDomain& domain, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      std::unique_lock lock(mutex_);
      ASSERT_TRUE(changed_.wait_for(lock, 10s, [this] { return !waiting_.empty(); }));
      const auto [order, result] = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      domain.leg_done(order, result);
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<LegOrder, SwitchResult>> waiting_;
};

class CutStory : public testing::Test {
 protected:
  CutStory() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    board_.bits = 0b10;  // fed through the open contact's coil
    modem_.bits = 0;     // fed through a normally closed contact
  }
  ~CutStory() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string journal_path() const { return folder_ / "power.journal"; }

  void order(Level power, const std::vector<LegOrder>& orders) {
    journal_->intend(intents_of(domain_, power));
    carry_out(orders, find_, now() + 5s, inbox_.report());
    inbox_.pass_on(domain_, orders.size());
  }
  void settle_all() {
    for (const Leg& leg : domain_.legs()) journal_->settled(leg.key);
  }

  fs::path folder_{fs::temp_directory_path() / ("otarig-story-" + std::to_string(getpid()))};
  FakePlant board_;
  FakePlant modem_;
  Inbox inbox_;
  Worker relay_{"relay", [this](Moment) { return std::make_unique<FakeSwitch>(board_); }};
  Worker hub_{"hub", [this](Moment) { return std::make_unique<FakeSwitch>(modem_); }};
  FindWorker find_{[this](const std::string& name) -> Worker* {
    if (name == "relay") return &relay_;
    return name == "hub" ? &hub_ : nullptr;
  }};
  std::unique_ptr<IntentJournal> journal_;
  PowerDomain domain_{"board 1",
                      {{.key = {"relay", Channel{1}}},
                       {.key = {"hub", Channel{3}}, .wiring = Wiring::normally_closed}},
                      {.shortest_off = 2s,
                       .settle = 100ms,
                       .silence = 200ms,
                       .has_sense = true,
                       .prove_within = 1s}};

  void open_journal() { journal_ = std::make_unique<IntentJournal>(journal_path()); }
};

TEST_F(CutStory, OfACutThatLandsAndAPowerThatReturns) {
  open_journal();
  order(Level::off, domain_.cut());
  EXPECT_EQ(board_.bits, 0U);
  EXPECT_EQ(modem_.bits, 0b1000U);
  const Moment off = now();
  domain_.sensed(Level::off, off);
  domain_.advance(off + 300ms);
  ASSERT_TRUE(std::holds_alternative<ProvenCut>(domain_.outcome()));
  const auto& cut = std::get<ProvenCut>(domain_.outcome());
  EXPECT_LE(cut.not_before, cut.not_after);
  order(Level::on, domain_.restore(*domain_.earliest_restore()));
  EXPECT_EQ(board_.bits, 0b10U);
  EXPECT_EQ(modem_.bits, 0U);
  domain_.advance(now() + 200ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::on);
  EXPECT_EQ(journal_->cycles({"relay", Channel{1}}), 1U);
  EXPECT_EQ(journal_->unsettled().size(), 2U) << "a powered board is what the next start must know";
}

TEST_F(CutStory, OfAStuckRelayIsARigFaultAndTheRestIsMadeSafe) {
  open_journal();
  board_.stuck = true;
  order(Level::off, domain_.cut());
  ASSERT_TRUE(std::holds_alternative<DomainFault>(domain_.outcome()));
  EXPECT_EQ(std::get<DomainFault>(domain_.outcome()).failure.fault, Fault::stuck);
  board_.stuck = false;
  order(Level::off, domain_.make_safe());
  EXPECT_EQ(domain_.state(), PowerDomain::State::unproven);
  EXPECT_EQ(board_.bits, 0U);
  settle_all();
  EXPECT_TRUE(journal_->unsettled().empty());
  EXPECT_EQ(std::get<DomainFault>(domain_.outcome()).failure.fault, Fault::stuck);
}

// The contact is welded (or the hub lies): every switch says off, the board talks on.
TEST_F(CutStory, OfAWeldedContactIsVoid) {
  open_journal();
  order(Level::off, domain_.cut());
  const Moment off = now();
  for (Duration at = 0ms; at <= 1200ms; at += 100ms) {
    domain_.console_spoke(off + at);
    domain_.advance(off + at);
  }
  ASSERT_TRUE(std::holds_alternative<VoidCut>(domain_.outcome()));
  EXPECT_EQ(std::get<VoidCut>(domain_.outcome()).reason, VoidReason::console_talks);
}

TEST_F(CutStory, OfASwitchThatIsNotOnTheBenchIsARigFault) {
  open_journal();
  PowerDomain other("board 2", {{.key = {"nowhere", Channel{1}}}}, {});
  const auto orders = other.cut();
  carry_out(orders, find_, now() + 5s, inbox_.report());
  inbox_.pass_on(other, 1);
  EXPECT_EQ(std::get<DomainFault>(other.outcome()).failure.fault, Fault::absent);
}

TEST_F(CutStory, OfARigThatDiesWhileABoardIsOnEndsSafeAtTheNextStart) {
  open_journal();
  order(Level::off, domain_.cut());
  domain_.sensed(Level::off, now());
  domain_.advance(now() + 300ms);
  order(Level::on, domain_.restore(*domain_.earliest_restore()));
  journal_.reset();  // and nobody settled anything
  open_journal();
  const auto done = make_safe(*journal_, find_, now() + 5s);
  EXPECT_EQ(done.size(), 2U);
  EXPECT_EQ(board_.bits, 0U);
  EXPECT_EQ(modem_.bits, 0b1000U) << "safe is without power: the normally closed contact opens";
  EXPECT_TRUE(journal_->unsettled().empty());
}

}  // namespace
}  // namespace rig::power
