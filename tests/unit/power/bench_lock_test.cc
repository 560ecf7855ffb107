// Two otarigs on one board.

#include "power/bench_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "base/rig_error.h"

namespace rig::power {
namespace {

class Locks : public testing::Test {
 protected:
  ~Locks() override { std::filesystem::remove(path); }
  std::string complaint() const {
    try {
      const BenchLock lock(path, "board tracker");
    } catch (const base::UsageError& error) {
      return error.what();
    }
    return {};
  }
  std::string path = testing::TempDir() + "otarig-lock-" + std::to_string(::getpid());
};

TEST_F(Locks, NameWhoHoldsThem) {
  const BenchLock mine(path, "board tracker");
  const std::string said = complaint();
  EXPECT_NE(said.find("board tracker is in use by another otarig: process " +
                      std::to_string(::getpid()) + " ('"),
            said.npos)
      << said;
  EXPECT_NE(said.find("unit_power"), said.npos) << said;
  EXPECT_NE(said.find("'), since 20"), said.npos) << said;
}

TEST_F(Locks, AreFreeAgainWhenTheirHolderIsGoneHoweverItEnded) {
  { const BenchLock mine(path, "board tracker"); }
  EXPECT_EQ(complaint(), "");
  const pid_t child = ::fork();
  if (child == 0) {
    const BenchLock theirs(path, "board tracker");
    ::_exit(0);  // no destructor runs
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(complaint(), "");
}

// Between its fork and its exec, a child that another thread starts has a copy of everything.
TEST_F(Locks, AreFreeAtTheirEndAlthoughAChildStillHasACopy) {
  std::optional<BenchLock> mine(std::in_place, path, "board tracker");
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  mine.reset();
  EXPECT_EQ(complaint(), "");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(Locks, AreHeldEvenWhenTheyDoNotSayByWhom) {
  const BenchLock mine(path, "board tracker");
  std::ofstream(path) << "nonsense\n";
  EXPECT_NE(complaint().find("does not say who it is"), std::string::npos);
}

TEST(LockHolder, ReadsOnlyItsOwnLines) {
  EXPECT_TRUE(
      holder_in("17 1700000000 otarig run x")->starts_with("process 17 ('otarig run x'), "));
  for (const char* other : {"", "17", "17 x", "x 1700000000 otarig", "17  1700000000"}) {
    EXPECT_FALSE(holder_in(other)) << other;
  }
}

}  // namespace
}  // namespace rig::power
