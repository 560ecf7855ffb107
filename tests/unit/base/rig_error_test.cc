// What a failure of the rig says to its user.

#include "base/rig_error.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/assert.h"

namespace rig::base {
namespace {

std::string message_of(const RigError& error) { return error.what(); }

TEST(RigError, SaysWhatWasTriedAndWhyItFailed) {
  const RigError error({ENOENT, std::generic_category()}, "open database /x/y.db");
  EXPECT_EQ(message_of(error), "open database /x/y.db: No such file or directory");
  EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
}

TEST(RigError, SaysWhatTheUserCanDo) {
  const RigError error({ENOSPC, std::generic_category()}, "write /x/y.db", "free some space");
  EXPECT_EQ(message_of(error), "write /x/y.db (free some space): No space left on device");
}

TEST(CheckErrno, HandsGoodResultsThrough) {
  EXPECT_EQ(check_errno(0, "wait"), 0);
  EXPECT_EQ(check_errno(7, "open"), 7);
}

TEST(CheckErrno, ThrowsTheErrnoOfTheFailure) {
  errno = EACCES;
  try {
    check_errno(-1, "open /dev/ttyUSB0");
    FAIL() << "no exception";
  } catch (const RigError& error) {
    EXPECT_EQ(error.code(), std::errc::permission_denied);
    EXPECT_TRUE(message_of(error).starts_with("open /dev/ttyUSB0")) << error.what();
  }
}

// Exit codes hang on the type: a mistake of the user (2) is no failure of the rig (3).
TEST(UsageError, IsNoRigError) {
  try {
    throw UsageError("x.yaml:3:1: unknown key");
  } catch (const std::system_error&) {
    FAIL() << "caught as a failure of the rig";
  } catch (const std::exception& error) {
    EXPECT_STREQ(error.what(), "x.yaml:3:1: unknown key");
  }
}

TEST(Assert, LetsTruthPass) {
  int evaluated = 0;
  RIG_ASSERT(++evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

TEST(AssertDeathTest, StopsAndSaysWhere) {
  EXPECT_DEATH(RIG_ASSERT(1 + 1 == 3), "rig_error_test.cc:[0-9]+: .*1 \\+ 1 == 3 does not hold");
}

}  // namespace
}  // namespace rig::base
