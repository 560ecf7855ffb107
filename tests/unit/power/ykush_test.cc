#include "power/ykush.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <thread>

#include "expect_fault.h"
#include "power/clock.h"
#include "power/verify.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

// A hub behind a socket that keeps messages apart, as hidraw does.
class FakeYkush {
 public:
  FakeYkush() {
    std::array<int, 2> ends{};
    check_switch(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), "socketpair");
    hub_ = base::UniqueFd(ends[0]);
    host_ = base::UniqueFd(ends[1]);
    thread_ = std::thread(&FakeYkush::serve, this);
  }
  ~FakeYkush() { unplug(); }

  void unplug() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    hub_.reset();
  }
  Stream node() { return {std::move(host_), "YKUSH at USB 1-2"}; }

  std::atomic<unsigned> up{0};  // bit n: port n
  std::atomic<bool> mute{false};
  std::atomic<bool> refuses{false};
  std::atomic<bool> stuck{false};
  std::atomic<int> report_bytes{0};

 private:
  void serve() {
    while (!stop_) {
      pollfd wanted{.fd = hub_.get(), .events = POLLIN, .revents = 0};
      if (poll(&wanted, 1, 2) <= 0) continue;
      std::array<std::uint8_t, 128> report{};
      report_bytes = static_cast<int>(read(hub_.get(), report.data(), report.size()));
      if (!mute) answer(report[1]);
    }
  }
  void answer(unsigned command) {
    const unsigned port = command & 0x0F;
    const unsigned bit = 1U << port;
    if (command >> 4 == 1 && !stuck) up |= bit;
    if (command >> 4 == 0 && !stuck) up &= ~bit;
    std::array<std::uint8_t, 64> reply{};
    reply[0] = refuses ? 0 : 1;
    reply[1] = static_cast<std::uint8_t>(((up & bit) != 0 ? 0x10 : 0) | port);
    send(hub_.get(), reply.data(), reply.size(), MSG_NOSIGNAL);
  }

  base::UniqueFd hub_;
  base::UniqueFd host_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class YkushHub : public testing::Test {
 protected:
  FakeYkush hub_;
  Ykush<Stream> ykush_{hub_.node(), kYkushModels[0]};
};

TEST(YkushReport, StartsWithTheReportId) {
  const base::Bytes up = encode_ykush_set(kYkushModels[0], Channel{3}, Level::on);
  EXPECT_EQ(up.size(), 65U);
  EXPECT_EQ(up[0], 0);
  EXPECT_EQ(up[1], 0x13);
  EXPECT_EQ(encode_ykush_set(kYkushModels[1], Channel{1}, Level::off).size(), 7U);
  EXPECT_EQ(encode_ykush_set(kYkushModels[2], Channel{4}, Level::off)[1], 0x04);
  EXPECT_EQ(encode_ykush_query(kYkushModels[3], Channel{1})[1], 0x21);
}

TEST(YkushReport, TellsOnePortAtATime) {
  EXPECT_EQ(decode_ykush_status(base::Bytes{1, 0x12}, Channel{2}), Level::on);
  EXPECT_EQ(decode_ykush_status(base::Bytes{1, 0x02}, Channel{2}), Level::off);
  EXPECT_FALSE(decode_ykush_status(base::Bytes{1, 0x13}, Channel{2}));
  EXPECT_FALSE(decode_ykush_status(base::Bytes{0, 0x12}, Channel{2}));
  EXPECT_FALSE(decode_ykush_status(base::Bytes{1}, Channel{2}));
}

TEST_F(YkushHub, SwitchesAndReadsBack) {
  const Verified done = set_and_verify(ykush_, {Channel{2}, Level::on}, soon());
  EXPECT_EQ(hub_.up, 0b100U);
  EXPECT_EQ(done.after->bits(), 0b100U);
  EXPECT_EQ(hub_.report_bytes, 65);
}

TEST_F(YkushHub, ThatHangsDoesNotAnswer) {
  hub_.mute = true;
  expect_fault(Fault::no_answer, [&] { static_cast<void>(ykush_.read_back(now() + 50ms)); });
}

TEST_F(YkushHub, ThatSaysNoHasRefused) {
  hub_.refuses = true;
  expect_fault(Fault::refused,
               [&] { static_cast<void>(ykush_.set(Channel{1}, Level::on, soon())); });
}

TEST_F(YkushHub, ThatDoesNothingIsStuck) {
  hub_.stuck = true;
  expect_fault(Fault::stuck, [&] {
    static_cast<void>(set_and_verify(ykush_, {Channel{1}, Level::on}, soon()));
  });
}

TEST_F(YkushHub, ThatIsUnpluggedHasVanished) {
  hub_.unplug();
  expect_fault(Fault::vanished,
               [&] { static_cast<void>(ykush_.set(Channel{1}, Level::on, soon())); });
}

TEST(YkushNode, ThatIsNotThereIsAbsent) {
  expect_fault(Fault::absent, [] { static_cast<void>(open_hidraw("/dev/hidraw-none")); });
}

}  // namespace
}  // namespace rig::power
