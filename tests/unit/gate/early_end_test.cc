// When a night that runs for a policy may end.
#include "gate/early_end.h"

#include <gtest/gtest.h>

namespace rig::gate {
namespace {

// Accepts after 154 clean cuts, rejects at the first failure among the first dozens.
constexpr statistics::SequentialPlan kPlan{
    .good = 0.001, .bad = 0.02, .alpha = 0.05, .beta = 0.05, .most = 400};

// So many clean cuts until the gate is due; 0 when it never is.
std::uint64_t clean_until_due(EarlyEnd& early, std::uint64_t most = 1'000) {
  for (std::uint64_t i = 1; i <= most; ++i) {
    early.trial(false);
    if (early.gate_is_due()) return i;
  }
  return 0;
}

TEST(EarlyEnd, AsksNobodyBeforeTheTestHasDecided) {
  EarlyEnd early(kPlan);
  EXPECT_FALSE(early.gate_is_due());
  EXPECT_EQ(clean_until_due(early), 154U);
  EXPECT_FALSE(early.over()) << "the gate was not heard yet";
}

TEST(EarlyEnd, IsOverWhenTheGateAgreesBothWays) {
  EarlyEnd good(kPlan);
  clean_until_due(good);
  good.gate_answered(Answer::accept);
  EXPECT_TRUE(good.over());
  EXPECT_FALSE(good.gate_is_due());
  EarlyEnd bad(kPlan);
  bad.trial(true);
  EXPECT_TRUE(bad.gate_is_due());
  bad.gate_answered(Answer::reject);
  EXPECT_TRUE(bad.over());
}

TEST(EarlyEnd, GoesOnWhileTheGateLacksSomethingAndAsksItAgainLater) {
  EarlyEnd early(kPlan);
  clean_until_due(early);
  early.gate_answered(Answer::not_enough);
  EXPECT_FALSE(early.over());
  EXPECT_FALSE(early.gate_is_due());
  EXPECT_EQ(clean_until_due(early), 15U);  // a tenth more
  early.gate_answered(Answer::accept);
  EXPECT_TRUE(early.over());
}

TEST(EarlyEnd, IsOverInAnyCaseAfterTheMostCuts) {
  EarlyEnd early(kPlan);
  std::uint64_t cuts = 0;
  while (!early.over() && cuts < 10 * kPlan.most) {
    const std::uint64_t more = clean_until_due(early);
    ASSERT_GT(more, 0U);
    cuts += more;
    early.gate_answered(Answer::not_enough);
  }
  EXPECT_EQ(cuts, kPlan.most);
}

TEST(EarlyEnd, SaysHowTheTestStands) {
  EarlyEnd early(kPlan);
  EXPECT_NE(to_text(early).find("154 more without a failure"), std::string::npos) << to_text(early);
  clean_until_due(early);
  EXPECT_NE(to_text(early).find("accepts after 154 cuts"), std::string::npos) << to_text(early);
  EarlyEnd bad(kPlan);
  bad.trial(true);
  EXPECT_NE(to_text(bad).find("rejects after 1 cuts"), std::string::npos) << to_text(bad);
}

}  // namespace
}  // namespace rig::gate
