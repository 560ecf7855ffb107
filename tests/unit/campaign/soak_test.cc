#include "campaign/soak.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

#include "base/rig_error.h"
#include "unit/campaign/stories.h"
#include "unit/store/store_fixture.h"

namespace rig::campaign {
namespace {

using record::Verdict;
using store::TemporaryFile;

// Boards that answer at once; time passes as the test says.
class Lab {
 public:
  explicit Lab(std::optional<std::uint64_t> cycles, const std::string& path)
      : store_(path, {.commit = store::Commit::timed}) {
    store::SoakStart start;
    start.batch = "night";
    start.seed = 7;
    start.cycles = cycles;
    if (!cycles) start.length = 1h;
    if (!store::soak_named(store_, "night")) store::begin_soak(store_, start);
    clock_ = {.steady = [this] { return base::Duration(now_ += 1ms); },
              .wall_unix_us = [this] { return wall_ += 1000; }};
  }

  SoakBoard board(const std::string& name, Crew::Work work) const {
    SoakBoard board;
    board.name = name;
    board.bench = "desk";
    board.work = std::move(work);
    board.can = [](const Draw&) { return true; };
    board.plan = [](const Draw& draw) { return "plan " + std::to_string(draw.seed); };
    board.campaign = [name, this](const Draw& draw) {
      store::CampaignStart start = store::some_campaign();
      start.scenario = entry_of(night_, draw).scenario;
      start.board_name = name;
      start.batch = "night";
      return start;
    };
    return board;
  }
  static Crew::Work answers(Verdict verdict) {
    return [verdict](const Order& order) {
      Answer answer;
      answer.index = order.index;
      answer.outcome = store::outcome(verdict);
      answer.timeline = store::pack(store::some_timeline(2));
      return answer;
    };
  }

  SoakEnd run(
      std::vector<SoakBoard> boards, const std::function<bool()>& stop = [] { return false; }) {
    const auto row = store::soak_named(store_, "night").value();
    Soak soak(store_, row, night_, clock_);
    for (SoakBoard& each : boards) soak.add(std::move(each));
    hooks_.stop = stop;
    hooks_.show = [](const SoakView&) {};
    hooks_.let_go = [this] { ++let_go_; };
    const SoakEnd end = soak.run(hooks_);
    view_ = soak.view();
    return end;
  }

  // Index and verdict of every finished cycle of the night, on whichever board.
  std::multiset<std::uint64_t> finished() {
    std::multiset<std::uint64_t> found;
    for (const auto& campaign : store_.batch("night")) {
      for (const auto& row : store_.cycle_rows(campaign.id)) {
        if (row.verdict) found.insert(row.index);
      }
    }
    return found;
  }
  static std::multiset<std::uint64_t> up_to(std::uint64_t count) {
    std::multiset<std::uint64_t> all;
    for (std::uint64_t i = 0; i < count; ++i) all.insert(i);
    return all;
  }

  Night night_ = some_night({some_entry("a"), some_entry("b")});
  store::Store store_;
  SoakClock clock_;
  SoakHooks hooks_;
  SoakView view_;
  std::int64_t wall_{1'700'000'000'000'000};
  base::Duration now_{};
  int let_go_{0};
};

TEST(Soak, CarriesOutEveryCycleOnceOnWhicheverBoard) {
  TemporaryFile file;
  Lab lab(40, file.path());
  const auto end = lab.run({lab.board("one", Lab::answers(Verdict::resumed)),
                            lab.board("two", Lab::answers(Verdict::resumed))});
  EXPECT_EQ(end, SoakEnd::complete);
  EXPECT_EQ(lab.finished(), Lab::up_to(40));
  EXPECT_EQ(store::soak_named(lab.store_, "night")->state, store::CampaignState::finished);
  for (const auto& campaign : lab.store_.batch("night")) {
    EXPECT_EQ(campaign.state, store::CampaignState::finished);
  }
}

TEST(Soak, ABoardThatProvesNothingGoesIntoQuarantineAndTheOthersGoOn) {
  TemporaryFile file;
  Lab lab(60, file.path());
  lab.clock_.steady = [&lab] { return base::Duration(lab.now_ += 1s); };
  std::atomic<int> failed{0};
  const auto fails = [&failed](const Order& order) {
    ++failed;
    failed.notify_all();
    return Lab::answers(Verdict::rig_fault)(order);
  };
  // There is work left for the other one until it is out.
  const auto waits = [&failed](const Order& order) {
    for (int seen = failed; seen < 3; seen = failed) failed.wait(seen);
    return Lab::answers(Verdict::resumed)(order);
  };
  const auto end = lab.run({lab.board("bad", fails), lab.board("good", waits)});
  EXPECT_EQ(end, SoakEnd::complete);
  EXPECT_EQ(lab.finished(), Lab::up_to(60));
  EXPECT_EQ(lab.view_.boards[0].state, BoardView::State::quarantined);
  EXPECT_EQ(lab.view_.boards[0].done, 3U);
  EXPECT_EQ(lab.view_.boards[1].done, 57U);
  const auto states = store::board_states(lab.store_);
  ASSERT_EQ(states.size(), 1U);
  EXPECT_EQ(states[0].board, "bad");
  EXPECT_EQ(states[0].bench, "desk");
  EXPECT_NE(states[0].reason.find("rig-fault"), std::string::npos) << states[0].reason;
  ASSERT_TRUE(states[0].cycle.has_value());
  EXPECT_EQ(lab.store_.cycle(*states[0].cycle).outcome->judgement.verdict, Verdict::rig_fault);
}

// Its failures are no news of the product.
TEST(Soak, AKnownBadFirmwareIsCountedByItself) {
  TemporaryFile file;
  Lab lab(20, file.path());
  lab.night_ = some_night();
  lab.night_.entries[0].known_bad = 0;
  lab.night_.known_bad = {some_entry("mutant")};
  EXPECT_EQ(
      lab.run({lab.board("one",
                         [&lab](const Order& order) {
                           const bool bad = draw(lab.night_, order.index).known_bad;
                           return Lab::answers(bad ? Verdict::bricked : Verdict::resumed)(order);
                         })}),
      SoakEnd::complete);
  const BoardView& board = lab.view_.boards[0];
  EXPECT_EQ(board.verdicts.size(), 1U);
  EXPECT_EQ(board.verdicts.at(Verdict::resumed), 18U);
  EXPECT_EQ(board.known_bad, 2U);
  EXPECT_EQ(board.convicted, 2U);
  EXPECT_EQ(board.done, 20U);
}

TEST(Soak, EndsWhenNoBoardIsLeft) {
  TemporaryFile file;
  Lab lab(60, file.path());
  lab.clock_.steady = [&lab] { return base::Duration(lab.now_ += 1s); };  // it rests, twice
  const auto end = lab.run({lab.board("bad", Lab::answers(Verdict::rig_fault))});
  EXPECT_EQ(end, SoakEnd::no_board_left);
  EXPECT_EQ(lab.finished(), Lab::up_to(3));
  EXPECT_EQ(store::soak_named(lab.store_, "night")->state, store::CampaignState::interrupted);
}

TEST(Soak, ABoardInQuarantineGetsNothing) {
  TemporaryFile file;
  Lab lab(20, file.path());
  SoakBoard out = lab.board("out", Lab::answers(Verdict::resumed));
  out.quarantined = "its relay is welded";
  EXPECT_EQ(lab.run({out, lab.board("in", Lab::answers(Verdict::resumed))}), SoakEnd::complete);
  EXPECT_EQ(lab.view_.boards[0].done, 0U);
  EXPECT_EQ(lab.view_.boards[1].done, 20U);
}

TEST(Soak, WhatABoardThrowsIsARigFaultOfThatCycle) {
  TemporaryFile file;
  Lab lab(5, file.path());
  lab.clock_.steady = [&lab] { return base::Duration(lab.now_ += 1s); };
  std::atomic<int> calls{0};
  const auto work = [&calls](const Order& order) {
    if (++calls == 2) throw std::runtime_error("the console vanished");
    return Lab::answers(Verdict::resumed)(order);
  };
  EXPECT_EQ(lab.run({lab.board("one", work)}), SoakEnd::complete);
  EXPECT_EQ(lab.view_.boards[0].verdicts.at(Verdict::rig_fault), 1U);
  EXPECT_EQ(lab.view_.boards[0].verdicts.at(Verdict::resumed), 4U);
}

TEST(Soak, ABoardThatHangsIsHurriedAndCostsOnlyItself) {
  TemporaryFile file;
  Lab lab(30, file.path());
  lab.clock_.steady = [&lab] { return base::Duration(lab.now_ += 100ms); };
  std::atomic<bool> hurried{false};
  std::atomic<int> calls{0};
  SoakBoard hanging = lab.board("hanging", [&](const Order& order) {
    Answer answer = Lab::answers(Verdict::resumed)(order);
    if (++calls > 1) return answer;
    hurried.wait(false);
    answer.abandoned = true;
    return answer;
  });
  hanging.patience = [](const Draw&) { return base::Duration(1s); };
  hanging.hurry = [&hurried] {
    hurried = true;
    hurried.notify_all();
  };
  const auto end = lab.run({hanging, lab.board("other", Lab::answers(Verdict::resumed))});
  EXPECT_EQ(end, SoakEnd::complete);
  EXPECT_EQ(lab.finished(), Lab::up_to(30));
  EXPECT_EQ(lab.view_.boards[0].verdicts.at(Verdict::rig_fault), 1U);
}

TEST(Soak, StoppedItWaitsForNobodyAndGoesOnLater) {
  TemporaryFile file;
  Lab lab(50, file.path());
  std::atomic<int> calls{0};
  const auto work = [&calls](const Order& order) {
    Answer answer = Lab::answers(Verdict::resumed)(order);
    answer.abandoned = ++calls == 10;
    return answer;
  };
  EXPECT_EQ(lab.run({lab.board("one", work)}, [&calls] { return calls >= 10; }),
            SoakEnd::interrupted);
  EXPECT_EQ(lab.let_go_, 1);
  EXPECT_EQ(lab.finished().size(), 9U);
  calls = 100;
  // On another board: the open cycle moves there.
  EXPECT_EQ(lab.run({lab.board("two", work)}), SoakEnd::complete);
  EXPECT_EQ(lab.finished(), Lab::up_to(50));
  std::uint64_t twice = 0;
  for (const auto& campaign : lab.store_.batch("night")) {
    for (const auto& cycle : lab.store_.cycles(campaign.id)) twice += cycle.attempts > 1 ? 1U : 0U;
  }
  EXPECT_EQ(twice, 1U);
}

TEST(Soak, ANightIsOverWhenItsTimeIsWhateverTheWallClockDoes) {
  TemporaryFile file;
  Lab lab(std::nullopt, file.path());
  lab.clock_.steady = [&lab] { return base::Duration(lab.now_ += 1min); };
  int calls = 0;
  lab.clock_.wall_unix_us = [&] {
    return ++calls % 2 == 0 ? 5 : lab.wall_ + 86'400'000'000 * calls;
  };
  EXPECT_EQ(lab.run({lab.board("one", Lab::answers(Verdict::resumed))}), SoakEnd::complete);
  const auto row = store::soak_named(lab.store_, "night").value();
  EXPECT_GE(row.ran, base::Duration(1h));
  EXPECT_LE(row.ran, base::Duration(70min));
  EXPECT_EQ(lab.finished(), Lab::up_to(lab.finished().size()));
  EXPECT_GE(lab.finished().size(), 5U);
}

TEST(Soak, EndsAsSoonAsItIsKnownAndLeavesNothingOpen) {
  TemporaryFile file;
  Lab lab(500, file.path());
  std::uint64_t cuts = 0;
  std::uint64_t others = 0;
  lab.hooks_.booked = [&](const Booked& cycle) {
    EXPECT_EQ(cycle.verdict, Verdict::resumed);
    EXPECT_TRUE(cycle.scenario == "a" || cycle.scenario == "b") << cycle.scenario;
    ++(cycle.kind == store::CycleKind::cut ? cuts : others);
  };
  lab.hooks_.known = [&cuts] { return cuts >= 40; };
  const auto end = lab.run({lab.board("one", Lab::answers(Verdict::resumed)),
                            lab.board("two", Lab::answers(Verdict::resumed))});
  EXPECT_EQ(end, SoakEnd::known);
  EXPECT_EQ(lab.let_go_, 0) << "what is under way ends as it would";
  EXPECT_GE(cuts, 40U);
  EXPECT_LE(cuts, 43U);
  EXPECT_GT(others, 0U);
  EXPECT_EQ(lab.finished(), Lab::up_to(cuts + others));
  EXPECT_EQ(store::soak_named(lab.store_, "night")->state, store::CampaignState::finished);
  for (const auto& campaign : lab.store_.batch("night")) {
    EXPECT_EQ(campaign.state, store::CampaignState::finished);
  }
}

TEST(Soak, IsCompleteWhenTheLastCycleMakesItKnown) {
  TemporaryFile file;
  Lab lab(20, file.path());
  lab.hooks_.known = [&lab] { return lab.finished().size() >= 20; };
  EXPECT_EQ(lab.run({lab.board("one", Lab::answers(Verdict::resumed))}), SoakEnd::complete);
}

TEST(Soak, AStoreThatFailsEndsTheNightAndLosesNothingThatWasInIt) {
  TemporaryFile file;
  Lab lab(150, file.path());
  const auto pages = lab.store_.database().query_integer("PRAGMA page_count");
  const auto limited = "PRAGMA max_page_count=" + std::to_string(pages + 5);
  lab.store_.database().run(limited.c_str());
  EXPECT_THROW((void)lab.run({lab.board("one", Lab::answers(Verdict::resumed))}), base::RigError);
  EXPECT_EQ(lab.let_go_, 1);
  lab.store_.database().run("PRAGMA max_page_count=100000");
  const auto before = lab.finished();
  EXPECT_GT(before.size(), 5U);
  EXPECT_EQ(lab.run({lab.board("one", Lab::answers(Verdict::resumed))}), SoakEnd::complete);
  EXPECT_EQ(lab.finished(), Lab::up_to(150));
}

}  // namespace
}  // namespace rig::campaign
