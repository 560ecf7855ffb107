#include "serve/live_state.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/rig_error.h"
#include "serve/tail.h"
#include "store/soak_rows.h"
#include "unit/store/store_fixture.h"

namespace rig::serve {
namespace {

using record::Event;
using record::EventKind;
using record::Lane;
using record::Verdict;

constexpr std::int64_t kNow = 1'700'000'100'000'000;

Event event(std::int64_t ms, Lane lane, EventKind kind, std::string text) {
  return {base::Instant(std::chrono::milliseconds(ms)), lane, kind, 0, 0, std::move(text)};
}

record::Timeline story() {
  return {event(0, Lane::power, EventKind::on, "board+modem"),
          event(5, Lane::link, EventKind::shaped, "profile gprs"),
          event(6, Lane::link, EventKind::shaped, "outage on"),
          event(9, Lane::console, EventKind::line, "boot ver=1"),
          event(10, Lane::flash, EventKind::program, ""),
          event(11, Lane::link, EventKind::shaped, "outage off"),
          event(12, Lane::power, EventKind::off, "modem")};
}

nlohmann::json state_of(const std::string& path) {
  LiveState live(path);
  return nlohmann::json::parse(live.text(kNow));
}

TEST(Tail, TellsPowerLinkAndTheLastLines) {
  const Tail tail = tail_of(story(), 3);
  EXPECT_EQ(tail.power, (std::map<std::string, bool>{{"board", true}, {"modem", false}}));
  EXPECT_EQ(tail.link, "profile gprs");
  ASSERT_EQ(tail.lines.size(), 3U);  // a flash operation is no line
  EXPECT_EQ(tail.lines[0].text, "boot ver=1");
  EXPECT_EQ(tail.lines[2].text, "off modem");
  EXPECT_EQ(tail.lines[2].at_ms, 12);
}

TEST(LiveState, ShowsBoardsWithWhatIsUnderWayAndWhatEndedLast) {
  store::TemporaryFile file;
  store::Store store(file.path());
  auto start = store::some_campaign();
  start.board_name = "bench-a";
  const auto id = store.begin_campaign(start);
  const auto done = store.begin_cycle(id, store::intent(0));
  store.finish_cycle(done, store::outcome(Verdict::bricked), store::pack(story()));
  (void)store.begin_cycle(id, store::intent(1));
  store.sync();
  const auto state = state_of(file.path());
  ASSERT_EQ(state["boards"].size(), 1U);
  const auto& board = state["boards"][0];
  EXPECT_EQ(board["name"], "bench-a");
  EXPECT_EQ(board["open"]["plan"], store::intent(1).plan);
  EXPECT_EQ(board["last"]["cycle"], done.value);
  EXPECT_EQ(state["verdicts"][board["last"]["v"].get<std::size_t>()]["name"], "bricked");
  EXPECT_EQ(board["power"]["modem"], false);
  EXPECT_EQ(board["tail"].back()[2], "off modem");
  EXPECT_EQ(state["night"]["done"], 1);
  EXPECT_EQ(state["night"]["state"], "running");
  EXPECT_EQ(state["recent"].size(), 1U);
}

TEST(LiveState, SeesWhatAnotherConnectionWrites) {
  store::TemporaryFile file;
  store::Store store(file.path());
  const auto id = store.begin_campaign(store::some_campaign());
  LiveState live(file.path());
  EXPECT_EQ(nlohmann::json::parse(live.text(kNow))["night"]["done"], 0);
  const auto cycle = store.begin_cycle(id, store::intent(0));
  store.finish_cycle(cycle, store::outcome(Verdict::resumed), store::pack({}));
  store.sync();
  EXPECT_EQ(nlohmann::json::parse(live.text(kNow + 100'000))["night"]["done"], 0) << "too soon";
  const auto later = nlohmann::json::parse(live.text(kNow + 60'000'000));
  EXPECT_EQ(later["night"]["done"], 1);
  EXPECT_DOUBLE_EQ(later["night"]["per_minute"].get<double>(), 1);
}

TEST(LiveState, AQuarantinedBoardIsTold) {
  store::TemporaryFile file;
  store::Store store(file.path());
  auto start = store::some_campaign();
  start.board_name = "bench-a";
  (void)store.begin_campaign(start);
  store::set_board_state(store, {.bench = "lab",
                                 .board = "bench-a",
                                 .condition = store::BoardCondition::quarantined,
                                 .reason = "its relay does not answer",
                                 .since_unix_us = kNow});
  EXPECT_EQ(state_of(file.path())["boards"][0]["quarantined"], "its relay does not answer");
}

TEST(LiveState, AnEmptyDatabaseHasNoNight) {
  store::TemporaryFile file;
  { const store::Store store(file.path()); }
  EXPECT_TRUE(state_of(file.path())["night"].is_null());
}

TEST(LiveState, ChangesNothing) {
  store::TemporaryFile file;
  EXPECT_THROW(LiveState live(file.path()), base::UsageError);
  EXPECT_FALSE(std::filesystem::exists(file.path()));
  { const store::Store store(file.path()); }
  store::Store reader(file.path(), {.read_only = true});
  EXPECT_THROW((void)reader.begin_campaign(store::some_campaign()), base::RigError);
}

}  // namespace
}  // namespace rig::serve
