// Streams over the kernel's pipes, sockets and pseudo-terminals.

#include "io/byte_stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/rig_error.h"
#include "io/unique_fd.h"

namespace rig::io {
namespace {

using namespace std::chrono_literals;

// Both ends in one loop.
class ByteStreams : public testing::Test {
 protected:
  struct End {
    std::string received;
    std::optional<std::error_code> ended;
    std::unique_ptr<ByteStream> stream;
  };

  void open(End& end, UniqueFd& descriptor) {
    end.stream = std::make_unique<ByteStream>(
        loop, ByteStream::Descriptors{.in = descriptor.get(), .out = descriptor.get()},
        ByteStream::Handlers{
            .received = [&end](auto bytes, Time) { end.received += base::as_text(bytes); },
            .ended = [&end](auto error, Time) { end.ended = error; }});
  }

  void SetUp() override {
    pair = make_socket_pair();
    open(left, pair.ours);
    open(right, pair.theirs);
  }

  Loop loop;
  SocketPair pair;
  End left;
  End right;
};

TEST_F(ByteStreams, CarryBytesBothWays) {
  left.stream->write(base::bytes_of("ping"));
  right.stream->write(base::bytes_of("pong"));
  EXPECT_TRUE(
      loop.run_until([&] { return left.received == "pong" && right.received == "ping"; }, 5s));
}

TEST_F(ByteStreams, QueueWhatIsNotTakenAtOnceAndKeepTheOrder) {
  const int small = 4096;
  ASSERT_EQ(::setsockopt(pair.ours.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
  std::string all;
  for (int i = 0; i < 200; ++i) {
    const std::string piece(1000, static_cast<char>('a' + i % 26));
    all += piece;
    left.stream->write(base::bytes_of(piece));
  }
  EXPECT_GT(left.stream->queued(), 0U);
  bool written = false;
  left.stream->when_written([&] { written = true; });
  EXPECT_FALSE(written);
  EXPECT_TRUE(loop.run_until([&] { return right.received.size() == all.size(); }, 10s));
  EXPECT_EQ(right.received, all);
  EXPECT_TRUE(written);
}

TEST_F(ByteStreams, RefuseToQueueWithoutEnd) {
  const base::Bytes piece(64U << 10);
  const auto flood = [&] {
    for (int i = 0; i < 100; ++i) left.stream->write(piece);
  };
  EXPECT_THROW(flood(), base::RigError);
  EXPECT_LE(left.stream->queued(), ByteStream::kWriteQueue);
}

TEST_F(ByteStreams, TellTheEndAtOnce) {
  left.stream.reset();
  pair.ours.reset();
  const Time start = now();
  EXPECT_TRUE(loop.run_until([&] { return right.ended.has_value(); }, 5s));
  EXPECT_LT(now() - start, 1s);
  EXPECT_FALSE(*right.ended);
  EXPECT_THROW(right.stream->write(base::bytes_of("x")), base::RigError);
}

TEST_F(ByteStreams, DeliverWhatCameBeforeTheEnd) {
  left.stream->write(base::bytes_of("last words"));
  left.stream.reset();
  pair.ours.reset();
  EXPECT_TRUE(loop.run_until([&] { return right.ended.has_value(); }, 5s));
  EXPECT_EQ(right.received, "last words");
}

TEST_F(ByteStreams, MayBeDestroyedByTheirHandlers) {
  right.stream.reset();
  std::optional<ByteStream> stream;
  stream.emplace(
      loop, ByteStream::Descriptors{.in = pair.theirs.get()},
      ByteStream::Handlers{.received = [&](auto, Time) { stream.reset(); }, .ended = {}});
  left.stream->write(base::bytes_of("x"));
  EXPECT_TRUE(loop.run_until([&] { return !stream; }, 5s));
}

TEST_F(ByteStreams, DrainWhatIsThereWithoutTheLoop) {
  left.stream->write(base::bytes_of("x"));
  right.stream->drain(100);
  EXPECT_EQ(right.received, "x");
  EXPECT_FALSE(right.ended);
}

TEST(ByteStream, SurvivesAReaderThatIsGone) {
  Loop loop;
  Pipe pipe = make_pipe();
  ByteStream stream(loop, {.out = pipe.write.get()}, {});
  pipe.read.reset();
  EXPECT_THROW(stream.write(base::bytes_of("x")), base::RigError);
}

TEST(ByteStream, ReportsAReaderThatGoesWhileBytesAreQueued) {
  Loop loop;
  Pipe pipe = make_pipe();
  std::optional<std::error_code> ended;
  ByteStream stream(loop, {.out = pipe.write.get()},
                    {.received = {}, .ended = [&](auto error, Time) { ended = error; }});
  stream.write(base::Bytes(200U << 10));
  pipe.read.reset();
  EXPECT_TRUE(loop.run_until([&] { return ended.has_value(); }, 5s));
  EXPECT_EQ(*ended, std::errc::broken_pipe);
}

}  // namespace
}  // namespace rig::io
