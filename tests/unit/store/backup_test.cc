// A copy that is whole or is not there.
#include "store/backup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/rig_error.h"
#include "unit/store/store_fixture.h"

namespace rig::store {
namespace {

using record::Verdict;

class Backups : public testing::Test {
 protected:
  void fill(Store& store, std::uint64_t cycles) {
    const CampaignId id = store.begin_campaign(some_campaign());
    for (std::uint64_t i = 0; i < cycles; ++i) {
      store.finish_cycle(store.begin_cycle(id, intent(i)), outcome(Verdict::resumed),
                         pack(some_timeline(50)));
    }
    store.sync();
  }
  [[nodiscard]] std::string copy() const { return file_.path() + ".copy"; }
  [[nodiscard]] bool leftovers() const {
    return std::filesystem::exists(copy() + ".part") ||
           std::filesystem::exists(copy() + ".part-wal");
  }
  TemporaryFile file_;
};

TEST_F(Backups, HoldWhatTheStoreHeld) {
  Store store(file_.path());
  fill(store, 30);
  const BackupReport report = back_up(file_.path(), copy());
  EXPECT_EQ(report.cycles, 30);
  EXPECT_EQ(report.bytes, std::filesystem::file_size(copy()));
  EXPECT_FALSE(leftovers());
  Store again(copy(), {.if_missing = IfMissing::refuse});
  EXPECT_EQ(again.summary({1}).cuts.total(), 30U);
  EXPECT_EQ(again.timeline({7}), some_timeline(50));
}

// The writer is in the middle of a transaction: it neither waits nor fails, and what it has not
// committed is not in the copy.
TEST_F(Backups, DoNotHoldUpAWriter) {
  Store store(file_.path());
  fill(store, 10);
  const CycleId open = store.begin_cycle({1}, intent(99));  // commits the first one by the clock
  Database writer(file_.path(), IfMissing::refuse);
  store.sync();
  writer.run("BEGIN IMMEDIATE; DELETE FROM cycles WHERE cycle_index < 5");
  EXPECT_EQ(back_up(file_.path(), copy()).cycles, 11);
  writer.run("COMMIT");
  store.finish_cycle(open, outcome(Verdict::resumed), pack({}));
  store.sync();
  EXPECT_EQ(store.database().query_integer("SELECT count(*) FROM cycles"), 6);
}

TEST_F(Backups, OverwriteNothing) {
  { Store store(file_.path()); }
  std::ofstream(copy()) << "precious";
  EXPECT_THROW((void)back_up(file_.path(), copy()), base::UsageError);
  std::ifstream kept(copy());
  std::string text;
  kept >> text;
  EXPECT_EQ(text, "precious");
}

TEST_F(Backups, NeedADatabaseOfOurs) {
  EXPECT_THROW((void)back_up(file_.path(), copy()), base::UsageError);
  { Database(file_.path(), IfMissing::create).run("CREATE TABLE moz_places (id)"); }
  EXPECT_THROW((void)back_up(file_.path(), copy()), base::UsageError);
  EXPECT_FALSE(std::filesystem::exists(copy()));
}

TEST_F(Backups, OfADamagedFileSayHowToSaveTheRest) {
  {
    Store store(file_.path());
    fill(store, 200);
    store.database().run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  std::fstream bytes(file_.path(), std::ios::in | std::ios::out | std::ios::binary);
  for (std::streamoff page = 3; page < 30; ++page) {
    bytes.seekp(page * 4096);
    bytes << std::string(200, '\x5A');
  }
  bytes.close();
  try {
    (void)back_up(file_.path(), copy());
    FAIL() << "a damaged database was backed up as whole";
  } catch (const base::RigError& error) {
    EXPECT_NE(std::string(error.what()).find(".recover"), std::string::npos) << error.what();
  }
  EXPECT_FALSE(std::filesystem::exists(copy()));
  EXPECT_FALSE(leftovers());
}

}  // namespace
}  // namespace rig::store
