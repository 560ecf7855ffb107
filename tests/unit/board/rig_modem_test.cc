// The rig as a modem, at the end of a real descriptor and in real time.
#include "board/rig_modem.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "io/unique_fd.h"

namespace rig::board {
namespace {

using namespace std::chrono_literals;

const ota::Catalogue kNoImages;

simulator::Surroundings quick_modem() {
  const modem::SimCard sim{.name = "test",
                           .imsi = "901280000000001",
                           .iccid = "8988280000000000001",
                           .apn = "iot.example.net",
                           .user = {},
                           .password = {},
                           .inserted = true};
  modem::NetworkSettings network;
  network.boot_time = 30ms;
  network.answer_time = 1ms;
  network.registration_time = 1ms;
  return {modem::Modem(modem::Model::sara_u2, sim, network, 1),
          link::ShapedLink(link::Profile{}, 1), ota::UpdateServer(kNoImages, {})};
}

class RealTimeModem : public testing::Test {
 protected:
  RealTimeModem() : modem_(loop_, quick_modem(), io::now()), wire_(io::make_socket_pair()) {
    io::set_non_blocking(wire_.theirs.get(), "the host's end");
    modem_.listen({.recorded = [this](const record::Event& event) { events_.push_back(event); },
                   .reached = {},
                   .hung_up = [this](std::error_code) { hung_up_ = true; }});
    modem_.attach(wire_.ours.get());
  }

  void say(const std::string& text) {
    ASSERT_EQ(::write(wire_.theirs.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
  }
  [[nodiscard]] const std::string& heard() {
    std::array<char, 4096> piece{};
    for (ssize_t n = 0; (n = ::read(wire_.theirs.get(), piece.data(), piece.size())) > 0;) {
      heard_.append(piece.data(), static_cast<std::size_t>(n));
    }
    return heard_;
  }
  [[nodiscard]] bool hears(const std::string& text) {
    return loop_.run_until([&] { return heard().find(text) != std::string::npos; }, 10s);
  }
  [[nodiscard]] bool told(const std::string& text) {
    return loop_.run_until(
        [&] {
          return std::any_of(events_.begin(), events_.end(),
                             [&](const record::Event& each) { return each.text == text; });
        },
        10s);
  }

  io::Loop loop_;
  RigModem modem_;
  io::SocketPair wire_;
  record::Timeline events_;
  std::string heard_;
  bool hung_up_{false};
};

TEST_F(RealTimeModem, AnswersWhenItHasBooted) {
  modem_.set_supply(true);
  ASSERT_TRUE(told("ready"));
  say("AT\r");
  EXPECT_TRUE(hears("OK\r\n"));
}

TEST_F(RealTimeModem, HearsNothingBefore) {
  say("AT\r");
  loop_.run_for(5ms);
  modem_.set_supply(true);
  say("AT\r");
  ASSERT_TRUE(told("ready"));
  loop_.run_for(50ms);
  EXPECT_EQ(heard(), "");
}

TEST_F(RealTimeModem, IsSilentWithoutPower) {
  modem_.set_supply(true);
  ASSERT_TRUE(told("ready"));
  modem_.set_supply(false);
  say("AT\r");
  loop_.run_for(50ms);
  EXPECT_EQ(heard(), "");
  EXPECT_TRUE(told("power off"));
}

TEST_F(RealTimeModem, DoesNothingWhileItIsHeld) {
  modem_.set_supply(true);
  ASSERT_TRUE(told("ready"));
  modem_.hold(true);
  say("AT\r");
  loop_.run_for(50ms);
  EXPECT_EQ(heard(), "");
  modem_.hold(false);
  EXPECT_TRUE(hears("OK\r\n"));
}

TEST_F(RealTimeModem, SaysWhenTheHostIsGone) {
  wire_.theirs.reset();
  EXPECT_TRUE(loop_.run_until([this] { return hung_up_; }, 10s));
}

}  // namespace
}  // namespace rig::board
