#include "power/power_domain.h"

#include <gtest/gtest.h>

#include "expect_fault.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

// A made-up origin: the domain is given every moment.
constexpr Moment kStart{1000s};

DomainRules rules() {
  return {.shortest_off = 2s,
          .settle = 500ms,
          .silence = 300ms,
          .has_sense = false,
          .prove_within = 1s};
}

std::vector<Leg> board_and_modem() {
  return {{.key = {"relays", Channel{1}}},
          {.key = {"hub", Channel{2}}, .wiring = Wiring::normally_closed}};
}

SwitchResult switched(Moment from, Duration length) {
  const Switched done{.not_before = from, .not_after = from + length};
  return {.not_before = done.not_before, .not_after = done.not_after, .what = done};
}

SwitchResult failed(Fault fault) {
  return {.not_before = {},
          .not_after = {},
          .what = Failure{.fault = fault, .what = "it failed", .may_have_switched = true}};
}

class Domain : public testing::Test {
 protected:
  explicit Domain(DomainRules with = rules()) : domain_("board", board_and_modem(), with) {}

  // The second leg opens later: it decides.
  void cut() {
    const auto orders = domain_.cut();
    domain_.leg_done(orders[0], switched(kStart, 10ms));
    domain_.leg_done(orders[1], switched(kStart + 5ms, 20ms));
  }
  const ProvenCut& proven() { return std::get<ProvenCut>(domain_.outcome()); }

  PowerDomain domain_;
};

class SensedDomain : public Domain {
 protected:
  static DomainRules sensed_rules() {
    DomainRules with = rules();
    with.has_sense = true;
    return with;
  }
  SensedDomain() : Domain(sensed_rules()) {}
};

TEST_F(Domain, OrdersEveryLegAtOnceAndWiringDecidesTheCoil) {
  const auto orders = domain_.cut();
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(orders[0].level, Level::off);
  EXPECT_EQ(orders[1].level, Level::on) << "a normally closed contact opens with coil current";
  EXPECT_EQ(orders[1].key.power_switch, "hub");
}

TEST_F(Domain, IsCutBySilenceAndTheLastLegDecidesWhen) {
  cut();
  EXPECT_EQ(domain_.state(), PowerDomain::State::proving);
  EXPECT_EQ(domain_.wake_time(), kStart + 25ms + 300ms);
  domain_.advance(kStart + 324ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::proving);
  domain_.advance(kStart + 325ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::off);
  EXPECT_EQ(proven().not_before, kStart + 5ms);
  EXPECT_EQ(proven().not_after, kStart + 25ms);
}

TEST_F(Domain, MeasuresItsHoldUpByTheLastByte) {
  cut();
  domain_.console_spoke(kStart + 80ms);
  domain_.advance(kStart + 325ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::proving);
  domain_.advance(kStart + 380ms);
  EXPECT_EQ(proven().last_sign_of_life, kStart + 80ms);
}

TEST_F(Domain, ThatTalksOnIsVoidNotADeviceFailure) {
  cut();
  for (Duration at = 100ms; at <= 1100ms; at += 100ms) {
    domain_.console_spoke(kStart + at);
    domain_.advance(kStart + at);
  }
  EXPECT_EQ(domain_.state(), PowerDomain::State::unproven);
  EXPECT_EQ(std::get<VoidCut>(domain_.outcome()).reason, VoidReason::console_talks);
}

TEST_F(SensedDomain, NeedsItsSenseToo) {
  cut();
  domain_.advance(kStart + 500ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::proving);
  EXPECT_EQ(domain_.wake_time(), kStart + 1025ms);
  domain_.sensed(Level::off, kStart + 600ms);
  domain_.advance(kStart + 600ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::off);
}

// A hub that reports off and keeps the power; a board fed through its UART.
TEST_F(SensedDomain, ThatIsSensedOnIsVoid) {
  cut();
  domain_.sensed(Level::on, kStart + 900ms);
  domain_.advance(kStart + 1025ms);
  const auto& unproven = std::get<VoidCut>(domain_.outcome());
  EXPECT_EQ(unproven.reason, VoidReason::sense_says_on);
  EXPECT_EQ(unproven.last_sign_of_life, kStart + 900ms);
}

TEST_F(SensedDomain, WhoseSenseIsMuteIsVoid) {
  cut();
  domain_.advance(kStart + 1025ms);
  EXPECT_EQ(std::get<VoidCut>(domain_.outcome()).reason, VoidReason::sense_is_mute);
}

TEST_F(SensedDomain, TakesNoWordFromBeforeItsLastContactMoved) {
  domain_.sensed(Level::off, kStart - 1s);
  const auto orders = domain_.cut();
  domain_.leg_done(orders[0], switched(kStart, 10ms));
  domain_.sensed(Level::off, kStart + 2ms);
  domain_.leg_done(orders[1], switched(kStart + 5ms, 20ms));
  domain_.advance(kStart + 1025ms);
  EXPECT_TRUE(std::holds_alternative<VoidCut>(domain_.outcome()));
}

// Fed again by a UART that the rig forgot to release.
TEST_F(Domain, ThatSpeaksAfterItsProofWasNotOff) {
  cut();
  domain_.advance(kStart + 400ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::off);
  domain_.console_spoke(kStart + 900ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::unproven);
  EXPECT_EQ(std::get<VoidCut>(domain_.outcome()).last_sign_of_life, kStart + 900ms);
}

// The real-time shell tells the last byte again each time it looks.
TEST_F(Domain, TakesAByteToldBeforeForNoNewSignOfLife) {
  cut();
  domain_.console_spoke(kStart + 80ms);
  domain_.advance(kStart + 400ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::off);
  domain_.console_spoke(kStart + 80ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::off);
}

TEST_F(Domain, IsNotConfusedByAResultThatWasOvertaken) {
  cut();
  domain_.advance(kStart + 400ms);
  const auto up = domain_.restore(kStart + 3s);
  const auto down = domain_.make_safe();
  domain_.leg_done(up[0], switched(kStart + 3s, 10ms));
  domain_.leg_done(up[1], switched(kStart + 3s, 10ms));
  EXPECT_EQ(domain_.state(), PowerDomain::State::securing);
  domain_.leg_done(down[0], switched(kStart + 4s, 10ms));
  domain_.leg_done(down[1], switched(kStart + 4s, 10ms));
  EXPECT_EQ(domain_.state(), PowerDomain::State::unproven);
  EXPECT_EQ(domain_.earliest_restore(), kStart + 6010ms);
}

TEST_F(Domain, ThatCannotBeMadeSafeSaysSo) {
  static_cast<void>(domain_.make_safe());
  domain_.leg_done({.leg = 0, .key = {"relays", Channel{1}}, .level = Level::off},
                   failed(Fault::stuck));
  EXPECT_EQ(domain_.state(), PowerDomain::State::faulted);
  EXPECT_FALSE(domain_.earliest_restore());
}

TEST_F(Domain, IsNotPoweredAgainTooEarly) {
  EXPECT_FALSE(domain_.earliest_restore());
  cut();
  EXPECT_FALSE(domain_.earliest_restore());
  domain_.advance(kStart + 400ms);
  EXPECT_EQ(domain_.earliest_restore(), kStart + 2025ms);
  EXPECT_DEATH(static_cast<void>(domain_.restore(kStart + 2024ms)), "does not hold");
}

TEST_F(Domain, SettlesBeforeItIsOnAgain) {
  cut();
  domain_.advance(kStart + 400ms);
  const auto orders = domain_.restore(kStart + 3s);
  EXPECT_EQ(orders[0].level, Level::on);
  domain_.leg_done(orders[1], switched(kStart + 3s, 10ms));
  domain_.leg_done(orders[0], switched(kStart + 3s, 10ms));
  EXPECT_EQ(domain_.state(), PowerDomain::State::settling);
  EXPECT_EQ(domain_.wake_time(), kStart + 3510ms);
  domain_.advance(kStart + 3510ms);
  EXPECT_EQ(domain_.state(), PowerDomain::State::on);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(domain_.outcome()));
}

TEST_F(Domain, CountsCoilsNotSupplies) {
  cut();
  EXPECT_EQ(domain_.wear()[0].cycles, 0U);
  EXPECT_EQ(domain_.wear()[1].cycles, 1U);
}

TEST_F(Domain, KeepsTheFirstCauseOfAFault) {
  const auto orders = domain_.cut();
  domain_.leg_done(orders[1], failed(Fault::stuck));
  domain_.leg_done(orders[0], failed(Fault::vanished));
  EXPECT_EQ(domain_.state(), PowerDomain::State::faulted);
  const auto& fault = std::get<DomainFault>(domain_.outcome());
  EXPECT_EQ(fault.failure.fault, Fault::stuck);
  EXPECT_EQ(fault.order.key.power_switch, "hub");
}

TEST_F(Domain, ComesToSafetyAfterAFaultAndStillKnowsWhy) {
  auto orders = domain_.cut();
  domain_.leg_done(orders[0], failed(Fault::no_answer));
  domain_.leg_done(orders[1], switched(kStart, 10ms));
  EXPECT_EQ(domain_.state(), PowerDomain::State::faulted);
  orders = domain_.make_safe();
  EXPECT_EQ(orders.size(), 2U);
  domain_.leg_done(orders[0], switched(kStart + 1s, 10ms));
  domain_.leg_done(orders[1], switched(kStart + 1s, 10ms));
  EXPECT_EQ(domain_.state(), PowerDomain::State::unproven);
  EXPECT_TRUE(std::holds_alternative<DomainFault>(domain_.outcome()));
  EXPECT_EQ(domain_.earliest_restore(), kStart + 3010ms);
}

TEST(PowerDomain, WithOneChannelTwiceIsAUsageError) {
  std::vector<Leg> legs{{.key = {"relays", Channel{1}}}, {.key = {"relays", Channel{1}}}};
  EXPECT_NE(usage_error([&] {
              const PowerDomain domain("board", legs, rules());
            }).find("channel 1 of relays is named twice"),
            std::string::npos);
}

TEST(PowerDomain, WithoutChannelsOrProvableRulesIsAUsageError) {
  EXPECT_FALSE(usage_error([&] { const PowerDomain domain("board", {}, rules()); }).empty());
  DomainRules never = rules();
  never.silence = 2s;
  EXPECT_NE(usage_error([&] {
              const PowerDomain domain("board", board_and_modem(), never);
            }).find("silence > prove_within"),
            std::string::npos);
}

TEST(Wear, IsDueAtNineTenthsOfTheRatedLife) {
  EXPECT_FALSE((Wear{.key = {}, .cycles = 89'999, .rated_cycles = 100'000}.due()));
  EXPECT_TRUE((Wear{.key = {}, .cycles = 90'000, .rated_cycles = 100'000}.due()));
  EXPECT_FALSE((Wear{.key = {}, .cycles = 1'000'000, .rated_cycles = 0}.due()));
}

}  // namespace
}  // namespace rig::power
