// Reading many cycles: of several campaigns at once, single ones, first cuts by an index.
#include "store/cycle_rows.h"

#include "base/rig_error.h"
#include "unit/store/store_fixture.h"

namespace rig::store {
namespace {

using record::Verdict;

// Campaigns whose cycles lie among each other, as those of a night do; indices go downwards, so
// that the order in the file is not the order wanted.
class ManyRows : public testing::Test {
 protected:
  void book(int campaigns, std::uint64_t cycles) {
    for (int i = 0; i < campaigns; ++i) ids_.push_back(store_.begin_campaign(some_campaign()));
    for (std::uint64_t index = cycles; index-- > 0;) {
      for (const CampaignId id : ids_) finish(id, index);
    }
  }
  void finish(CampaignId id, std::uint64_t index) {
    CycleOutcome each = outcome(index % 3 == 0 ? Verdict::stuck : Verdict::resumed);
    each.cut.torn = index % 2 == 0 ? "old" : "new";
    each.cut.op = static_cast<std::uint64_t>(id.value) * 1'000 + index;
    each.judgement.findings = {{each.judgement.verdict, true, {}, std::to_string(each.cut.op)}};
    store_.finish_cycle(store_.begin_cycle(id, intent(index)), each, pack({}));
  }
  void expect_rows(const CampaignRows& found, CampaignId id, std::uint64_t cycles) {
    ASSERT_EQ(found.rows.size(), cycles);
    for (std::uint64_t i = 0; i < cycles; ++i) {
      EXPECT_EQ(found.rows[i].index, i);
      EXPECT_EQ(found.rows[i].op, static_cast<std::uint64_t>(id.value) * 1'000 + i);
      EXPECT_EQ(found.rows[i].verdict, i % 3 == 0 ? Verdict::stuck : Verdict::resumed);
    }
    EXPECT_EQ(found.torn.at("old"), (cycles + 1) / 2);
    EXPECT_EQ(found.torn.at("new"), cycles / 2);
  }

  TemporaryFile file_;
  Store store_{file_.path()};
  std::vector<CampaignId> ids_;
};

TEST_F(ManyRows, OfSeveralCampaignsAreToldApart) {
  book(3, 7);
  (void)store_.begin_cycle(ids_[0], intent(100));  // open: no row
  PhaseNames phases;
  const std::vector<CampaignId> wanted{ids_[2], ids_[0]};
  const auto found = cycle_rows(store_, wanted, phases);
  ASSERT_EQ(found.size(), 2U);
  expect_rows(found[0], ids_[2], 7);
  expect_rows(found[1], ids_[0], 7);
  EXPECT_EQ(phases.name_of(found[0].rows[0].phase), "applying");
}

// Two of forty: through the index, not past all the others.
TEST_F(ManyRows, FewAmongManyComeTheSame) {
  book(40, 5);
  PhaseNames phases;
  const auto found = cycle_rows(store_, std::vector{ids_[7], ids_[31]}, phases);
  expect_rows(found.at(0), ids_[7], 5);
  expect_rows(found.at(1), ids_[31], 5);
}

TEST_F(ManyRows, ACampaignWithoutCyclesHasNone) {
  ids_.push_back(store_.begin_campaign(some_campaign()));
  PhaseNames phases;
  EXPECT_TRUE(cycle_rows(store_, ids_, phases).at(0).rows.empty());
  EXPECT_FALSE(CycleTable(store_, ids_).next().has_value());
  EXPECT_EQ(count_cycles(store_, ids_[0]), 0U);
}

TEST_F(ManyRows, ATableHoldsOpenCyclesAndReasons) {
  book(2, 3);
  (void)store_.begin_cycle(ids_[1], intent(9));
  CycleTable table(store_, ids_);
  std::uint64_t cycles = 0;
  std::uint64_t open = 0;
  while (const auto cycle = table.next()) {
    ++cycles;
    if (!cycle->outcome) {
      ++open;
      continue;
    }
    ASSERT_EQ(cycle->outcome->judgement.findings.size(), 1U);
    EXPECT_EQ(cycle->outcome->judgement.findings[0].text,
              std::to_string(cycle->campaign.value * 1'000 +
                             static_cast<std::int64_t>(cycle->intent.index)));
  }
  EXPECT_EQ(cycles, 7U);
  EXPECT_EQ(open, 1U);
  EXPECT_EQ(count_cycles(store_, ids_[1]), 4U);
}

TEST_F(ManyRows, OneCampaignsTableIsInOrderOfIndex) {
  book(2, 5);
  CycleTable table(store_, std::vector{ids_[1]});
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto cycle = table.next();
    ASSERT_TRUE(cycle.has_value());
    EXPECT_EQ(cycle->intent.index, i);
    EXPECT_EQ(cycle->campaign, ids_[1]);
  }
  EXPECT_FALSE(table.next().has_value());
}

TEST_F(ManyRows, AReaderReadsOneAfterTheOther) {
  book(1, 3);
  CycleReader reader(store_);
  EXPECT_EQ(reader.read({1}).intent.index, 2U);
  EXPECT_EQ(reader.read({3}).intent.index, 0U);
  const Cycle again = reader.read({1});
  ASSERT_EQ(again.outcome->judgement.findings.size(), 1U);
  EXPECT_EQ(again.outcome->judgement.findings[0].text, "1002");
  EXPECT_THROW((void)reader.read({4}), base::UsageError);
  EXPECT_EQ(reader.read({2}).intent.index, 1U);
}

// Torn models of one operation land at the same time, cuts that never landed at none.
TEST(FirstCuts, OfEqualTimesTheLowestIndexIsFirst) {
  TemporaryFile file;
  Store store(file.path());
  const CampaignId id = store.begin_campaign(some_campaign());
  const auto book = [&](std::uint64_t index, Verdict verdict, std::optional<base::Duration> at) {
    CycleOutcome each = outcome(verdict, "phase-" + std::to_string(index));
    each.cut.at = at;
    store.finish_cycle(store.begin_cycle(id, intent(index)), each, pack({}));
  };
  using std::chrono::seconds;
  book(9, Verdict::stuck, seconds(5));
  book(4, Verdict::stuck, seconds(7));
  book(6, Verdict::stuck, seconds(5));
  book(8, Verdict::void_trial, std::nullopt);
  book(3, Verdict::void_trial, std::nullopt);
  const CampaignSummary quick = store.quick_summary(id);
  ASSERT_EQ(quick.first_cuts.size(), 2U);
  EXPECT_EQ(quick.first_cuts[0].verdict, Verdict::stuck);
  EXPECT_EQ(quick.first_cuts[0].plan, intent(6).plan);
  EXPECT_EQ(quick.first_cuts[0].phase, "phase-6");
  EXPECT_EQ(quick.first_cuts[1].plan, intent(3).plan);
  EXPECT_EQ(quick.cuts.total(), 5U);
  EXPECT_TRUE(quick.torn.empty());
  EXPECT_EQ(store.summary(id).torn.at("prefix.1"), 5U);
}

}  // namespace
}  // namespace rig::store
