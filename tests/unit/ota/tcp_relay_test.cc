// A relay between a device and a server, both of them connections of rig/tcp.
#include "ota/tcp_relay.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rig::ota {
namespace {

using namespace std::chrono_literals;
using base::Bytes;
using base::Instant;
using tcp::Connection;

constexpr base::Endpoint kDevice{0x0A000002, 49'152};
constexpr base::Endpoint kServer{0x0A0A0A0A, 80};
constexpr std::uint16_t kRelayMss = 536;

tcp::Personality device_side() {
  tcp::Personality device = tcp::small_device(4);
  device.mss = 1200;
  device.window = 4800;
  return device;
}

// Time stands still between packets, so nothing waits for a timer but what has to.
class RelayedDownload : public ::testing::Test {
 protected:
  RelayedDownload()
      : relay_([] {
          RelaySettings settings;
          settings.beyond.mss = kRelayMss;
          return settings;
        }()),
        device_(
            Connection::connect({.local = kDevice, .remote = kServer}, device_side(), 100, now_)) {}

  // Carries packets until nobody sends any more; then the next timer, and so on.
  void run(int timers) {
    for (;;) {
      while (step()) {
      }
      if (timers-- == 0) return;
      now_ += 300ms;
      device_.advance(now_);
      relay_.advance(now_);
      if (server_) server_->advance(now_);
    }
  }

  bool step() {
    bool moved = false;
    for (const base::Packet& each : device_.take_packets()) {
      moved = true;
      relay_.from_device(each, now_);
    }
    for (const base::Packet& each : relay_.take_to_server()) {
      moved = true;
      if (!server_)
        server_ = Connection::accept(each, tcp::linux_server(), 900, now_);
      else
        server_->receive(each, now_);
    }
    if (server_) moved = serve() || moved;
    for (const base::Packet& each : relay_.take_to_device()) {
      moved = true;
      largest_near_ = std::max(largest_near_, each.payload.size());
      device_.receive(each, now_);
    }
    if (reads_) base::append(got_, device_.read(100'000));
    return moved;
  }

  bool serve() {
    const Bytes asked = server_->read(10'000);
    base::append(asked_, asked);
    if (!to_send_.empty() && server_->connected()) {
      const std::size_t taken = server_->write(to_send_, now_);
      to_send_.erase(to_send_.begin(), to_send_.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    bool moved = false;
    for (const base::Packet& each : server_->take_packets()) {
      moved = true;
      largest_beyond_ = std::max(largest_beyond_, each.payload.size());
      relay_.from_server(each, now_);
    }
    return moved;
  }

  Instant now_{base::kCycleStart};
  TcpRelay relay_;
  Connection device_;
  std::optional<Connection> server_;
  Bytes to_send_;
  Bytes asked_;
  Bytes got_;
  bool reads_{true};
  std::size_t largest_near_{0};
  std::size_t largest_beyond_{0};
};

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
  return bytes;
}

TEST_F(RelayedDownload, CarriesBytesBothWaysInSegmentsOfEachLeg) {
  const Bytes image = pattern(50'000);
  to_send_ = image;
  EXPECT_EQ(device_.write(base::bytes_of("GET /imp/2"), now_), 10U);
  run(50);
  EXPECT_EQ(base::as_text(asked_), "GET /imp/2");
  EXPECT_EQ(got_, image);
  EXPECT_EQ(largest_beyond_, kRelayMss);
  EXPECT_EQ(largest_near_, 1200U);
  ASSERT_TRUE(server_.has_value());
  EXPECT_EQ(server_->ends().remote.address, RelaySettings{}.address);
}

TEST_F(RelayedDownload, EndsBothWhenTheServerDoes) {
  to_send_ = pattern(3000);
  run(5);
  server_->close(now_);
  run(5);
  EXPECT_TRUE(device_.remote_closed());
  EXPECT_EQ(got_.size(), 3000U);
  device_.close(now_);
  run(5);
  EXPECT_TRUE(server_->remote_closed());
  EXPECT_TRUE(server_->done());
}

TEST_F(RelayedDownload, PassesAResetOn) {
  run(2);
  ASSERT_TRUE(server_->connected());
  device_.abort();
  run(2);
  EXPECT_TRUE(server_->failed());
}

// A device that does not read stops the server after what the buffers on the way hold.
TEST_F(RelayedDownload, ASlowLegHoldsTheFastOneBack) {
  reads_ = false;
  to_send_ = pattern(1'000'000);
  run(20);
  EXPECT_GT(to_send_.size(), 500'000U);
  reads_ = true;
  run(400);
  EXPECT_TRUE(to_send_.empty());
  EXPECT_EQ(got_, pattern(1'000'000));
}

TEST_F(RelayedDownload, TakesADeviceThatLostItsPowerForANewOne) {
  run(2);
  Connection first = std::move(*server_);
  server_.reset();
  device_ = Connection::connect({.local = kDevice, .remote = kServer}, device_side(), 7000, now_);
  for (const base::Packet& each : device_.take_packets()) relay_.from_device(each, now_);
  bool reset = false;
  for (const base::Packet& each : relay_.take_to_server()) {
    if (each.source.port != first.ends().remote.port) {
      server_ = Connection::accept(each, tcp::linux_server(), 900, now_);
    } else {
      reset = reset || (each.tcp_flags & base::kTcpRst) != 0;
    }
  }
  EXPECT_TRUE(reset) << "the old connection ends";
  ASSERT_TRUE(server_.has_value());
  to_send_ = pattern(2000);
  run(5);
  EXPECT_EQ(got_, pattern(2000));
}

}  // namespace
}  // namespace rig::ota
