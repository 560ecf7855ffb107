// Unix domain sockets in the file system, from both ends.
#include "io/local_listener.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "base/rig_error.h"
#include "io/tcp_client.h"

namespace rig::io {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class LocalSockets : public testing::Test {
 protected:
  LocalSockets() {
    std::string name = fs::temp_directory_path() / "otarig-test-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~LocalSockets() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return folder_ / "socket"; }

  Loop loop_;
  fs::path folder_;
};

TEST_F(LocalSockets, WhoConnectsIsHandedOverAndCanTalk) {
  std::optional<UniqueFd> peer;
  const LocalListener listener(loop_, path(), [&peer](UniqueFd each) { peer = std::move(each); });
  std::string heard;
  TcpClient client(
      loop_, {.host = path()},
      {.connected = {},
       .received = [&heard](auto bytes, Time) { heard.append(bytes.begin(), bytes.end()); },
       .ended = {}});
  ASSERT_TRUE(loop_.run_until([&] { return peer && client.connected(); }, 10s));
  ASSERT_EQ(::write(peer->get(), "hello", 5), 5);
  EXPECT_TRUE(loop_.run_until([&heard] { return heard == "hello"; }, 10s));
}

TEST_F(LocalSockets, ASecondListenerTakesAPathThatADeadOneLeft) {
  {
    const std::string stale = path();
    std::error_code ignored;
    fs::create_symlink("nowhere", stale, ignored);
  }
  bool accepted = false;
  const LocalListener listener(loop_, path(), [&accepted](UniqueFd) { accepted = true; });
  const TcpClient client(loop_, {.host = path()}, {});
  EXPECT_TRUE(loop_.run_until([&accepted] { return accepted; }, 10s));
}

TEST_F(LocalSockets, TheSocketGoesWithItsListener) {
  {
    const LocalListener listener(loop_, path(), [](UniqueFd) {});
  }
  EXPECT_FALSE(fs::exists(path()));
  std::error_code why;
  const TcpClient client(
      loop_, {.host = path()},
      {.connected = {}, .received = {}, .ended = [&why](auto error, Time) { why = error; }});
  ASSERT_TRUE(loop_.run_until([&why] { return static_cast<bool>(why); }, 10s));
  EXPECT_EQ(why, std::errc::no_such_file_or_directory);
}

TEST_F(LocalSockets, APathThatDoesNotFitIsRefusedWithAdvice) {
  const std::string deep = folder_ / std::string(120, 'x');
  try {
    const LocalListener listener(loop_, deep, [](UniqueFd) {});
    FAIL() << "it was taken";
  } catch (const base::RigError& error) {
    EXPECT_NE(std::string(error.what()).find("TMPDIR"), std::string::npos);
  }
}

}  // namespace
}  // namespace rig::io
