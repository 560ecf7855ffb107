#include "scenario/fixtures.h"

#include <gtest/gtest.h>

#include "scenario/units.h"
#include "unit/scenario/bench_files.h"

namespace rig::scenario {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::complaint_of;

class Fixtures : public test::BenchFiles {
 protected:
  [[nodiscard]] std::string sim_complaint(const std::string& text) const {
    write("fixtures/sim-cards/card.yaml", text);
    return complaint_of([&] { static_cast<void>(load_sim_card(library(), "card")); });
  }
  [[nodiscard]] std::string link_complaint(const std::string& text) const {
    write("fixtures/links/line.yaml", text);
    return complaint_of([&] { static_cast<void>(load_link(library(), "line")); });
  }
};

TEST_F(Fixtures, SimCardIsRead) {
  write("fixtures/sim-cards/card.yaml",
        "imsi: \"20451300000001\"\niccid: \"89315130000000000171\"\napn: a.net\nuser: u\n"
        "password: p\ninserted: false\n");
  const modem::SimCard card = load_sim_card(library(), "card");
  EXPECT_EQ(card.name, "card");
  EXPECT_EQ(card.imsi, "20451300000001");
  EXPECT_EQ(card.iccid, "89315130000000000171");
  EXPECT_EQ(card.apn, "a.net");
  EXPECT_EQ(card.user, "u");
  EXPECT_EQ(card.password, "p");
  EXPECT_FALSE(card.inserted);
}

TEST_F(Fixtures, SimCardWithoutApnIsRefused) {
  const std::string said =
      sim_complaint("imsi: \"204513000000017\"\niccid: \"8931513000000000017\"\n");
  EXPECT_NE(said.find("card.yaml:1:1: key 'apn' is missing; name the APN"), std::string::npos)
      << said;
  EXPECT_NE(sim_complaint("imsi: \"204513000000017\"\niccid: \"8931513000000000017\"\napn: \"\"\n")
                .find("expected a text"),
            std::string::npos);
}

TEST_F(Fixtures, SimNumbersAreDigits) {
  EXPECT_NE(sim_complaint("imsi: \"12\"\niccid: \"8931513000000000017\"\napn: a\n")
                .find("card.yaml:1:7: expected 14 to 15 digits in quotes, found '12'"),
            std::string::npos);
  EXPECT_NE(sim_complaint("imsi: \"20451300000001x\"\niccid: \"8931513000000000017\"\napn: a\n")
                .find("digits"),
            std::string::npos);
}

TEST_F(Fixtures, LinkIsRead) {
  const link::Profile link = load_link(library(), "gprs");
  EXPECT_EQ(link.name, "gprs");
  EXPECT_EQ(link.up.rate_bps, 50'000);
  EXPECT_EQ(link.up.delay, milliseconds(500));
  EXPECT_EQ(link.up.jitter, milliseconds(50));
  EXPECT_DOUBLE_EQ(link.up.loss, 0.02);
  EXPECT_EQ(link.up.queue_packets, 100U);
  EXPECT_DOUBLE_EQ(link.down.rate_bps, 320);
  ASSERT_EQ(link.outages.size(), 1U);
  EXPECT_EQ(link.outages[0].from, base::kCycleStart + seconds(120));
  EXPECT_EQ(link.outages[0].until, base::kCycleStart + seconds(150));
}

TEST_F(Fixtures, LinkMistakes) {
  EXPECT_NE(link_complaint("up: {rate: 50}\ndown: {rate: 1bit/s}\n")
                .find("line.yaml:1:12: '50' is no rate"),
            std::string::npos);
  EXPECT_NE(link_complaint("up: {rate: 1bit/s, loss: 2}\ndown: {rate: 1bit/s}\n")
                .find("is no percentage"),
            std::string::npos);
  EXPECT_NE(link_complaint("up: {rate: 1bit/s}\n").find("key 'down' is missing"),
            std::string::npos);
  EXPECT_NE(link_complaint("up: {rate: 1bit/s, rat: 2}\ndown: {rate: 1bit/s}\n").find("'rat'"),
            std::string::npos);
}

TEST(ShippedFixtures, AreReadable) {
  const std::filesystem::path fixtures = std::filesystem::path(OTARIG_SOURCE_DIR) / "fixtures";
  const Library library{.fixtures = fixtures, .firmware = {}, .scenarios = {}};
  for (const std::string& name : names_on(library, Shelf::sim_card)) {
    EXPECT_FALSE(load_sim_card(library, name).apn.empty()) << name;
  }
  for (const std::string& name : names_on(library, Shelf::link)) {
    EXPECT_EQ(load_link(library, name).name, name);
  }
  EXPECT_GE(names_on(library, Shelf::link).size(), 2U);
}

TEST(Units, Durations) {
  EXPECT_EQ(duration_from("20ms"), milliseconds(20));
  EXPECT_EQ(duration_from("2s"), seconds(2));
  EXPECT_EQ(duration_from("1.5min"), seconds(90));
  EXPECT_EQ(duration_from("8h"), minutes(480));
  EXPECT_EQ(duration_from("100us"), microseconds(100));
  EXPECT_EQ(duration_from("0"), base::Duration{});
  for (const char* text : {"", "2", "s", "2 s", "2m", "-1s", "1e3s", "2ss", "1.2.3s", "900000h"}) {
    EXPECT_FALSE(duration_from(text).has_value()) << text;
  }
}

TEST(Units, RatesPercentagesAndBytes) {
  EXPECT_EQ(rate_from("320bit/s"), 320);
  EXPECT_EQ(rate_from("50kbit/s"), 50'000);
  EXPECT_DOUBLE_EQ(*rate_from("0.04KB/s"), 320);
  EXPECT_EQ(rate_from("40B/s"), 320);
  EXPECT_EQ(rate_from("0"), 0);
  EXPECT_FALSE(rate_from("50").has_value());
  EXPECT_FALSE(rate_from("0.0001bit/s").has_value());
  EXPECT_DOUBLE_EQ(*fraction_from("2%"), 0.02);
  EXPECT_FALSE(fraction_from("101%").has_value());
  EXPECT_FALSE(fraction_from("0.5").has_value());
  EXPECT_EQ(bytes_from("64KB"), 65'536U);
  EXPECT_EQ(bytes_from("1500"), 1'500U);
  EXPECT_FALSE(bytes_from("1.5B").has_value());
}

}  // namespace
}  // namespace rig::scenario
