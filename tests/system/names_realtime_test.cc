// Names in real time: a device asks a resolver over the kernel's UDP, and the packet engine between
// them delays the answer, loses the question, or lies in the resolver's place. Skipped where
// namespaces cannot be made.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <optional>
#include <thread>

#include "base/dns.h"
#include "base/unique_fd.h"
#include "shaping/packet_link.h"
#include "unit/shaping/lab_test.h"

namespace rig::system {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using shaping::NetworkLab;

constexpr std::uint32_t kTrue = 0x0A0A0A0A;   // what the resolver says of every name
constexpr std::uint32_t kWrong = 0x0A420001;  // 10.66.0.1, where the hijacker wants everybody

sockaddr_in at(std::uint32_t address) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(base::kDnsPort);
  place.sin_addr.s_addr = htonl(address);
  return place;
}

base::UniqueFd udp_socket() { return base::UniqueFd(socket(AF_INET, SOCK_DGRAM, 0)); }

bool readable(const base::UniqueFd& fd, std::chrono::milliseconds limit) {
  pollfd ready{fd.get(), POLLIN, 0};
  return poll(&ready, 1, static_cast<int>(limit.count())) > 0;
}

// Answers in the server's namespace until it is destroyed.
class Resolver {
 public:
  explicit Resolver(const NetworkLab& lab) {
    const io::InNetNamespace inside(lab.server());
    socket_ = udp_socket();
    const sockaddr_in here = at(NetworkLab::kServerAddress);
    bound_ = bind(socket_.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0;
    thread_ = std::thread([this] { serve(); });
  }
  ~Resolver() {
    over_ = true;
    thread_.join();
  }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  [[nodiscard]] bool bound() const { return bound_; }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  void serve() {
    while (!over_) {
      if (!readable(socket_, 20ms)) continue;
      std::array<std::uint8_t, 512> buffer{};
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const ssize_t length = recvfrom(socket_.get(), buffer.data(), buffer.size(), 0,
                                      reinterpret_cast<sockaddr*>(&from), &size);
      if (length <= 0) continue;
      ++asked_;
      const base::ByteView question(buffer.data(), static_cast<std::size_t>(length));
      const base::Bytes answer = base::dns_answer(question, base::DnsCode::good, kTrue);
      sendto(socket_.get(), answer.data(), answer.size(), 0,
             reinterpret_cast<const sockaddr*>(&from), size);
    }
  }

  base::UniqueFd socket_;
  bool bound_{false};
  std::atomic<bool> over_{false};
  std::atomic<int> asked_{0};
  std::thread thread_;
};

struct Heard {
  std::optional<base::DnsAnswer> answer;
  Clock::duration took{};
};

class RealTimeNames : public shaping::LabTest {
 protected:
  void SetUp() override {
    LabTest::SetUp();
    if (!lab_) return;
    resolver_.emplace(*lab_);
    ASSERT_TRUE(resolver_->bound());
  }
  void TearDown() override {
    link_.reset();
    resolver_.reset();
  }

  void shape(std::vector<link::Impairment> impairments) {
    const io::InNetNamespace inside(lab_->middle());
    link_.emplace(link::Profile{.name = "names", .impairments = std::move(impairments)},
                  shaping::PacketLink::Settings{.board_side = NetworkLab::kBoardSide,
                                                .server_side = NetworkLab::kServerSide});
  }

  Heard ask(const char* host, std::chrono::milliseconds limit = 5s) {
    const io::InNetNamespace inside(lab_->device());
    const base::UniqueFd socket = udp_socket();
    const sockaddr_in there = at(NetworkLab::kServerAddress);
    EXPECT_EQ(connect(socket.get(), reinterpret_cast<const sockaddr*>(&there), sizeof there), 0);
    const auto question = base::dns_query(host, ++id_);
    const auto begun = Clock::now();
    EXPECT_GT(send(socket.get(), question->data(), question->size(), 0), 0);
    if (!readable(socket, limit)) return {};
    std::array<std::uint8_t, 512> buffer{};
    const ssize_t length = recv(socket.get(), buffer.data(), buffer.size(), 0);
    Heard heard{.answer = {}, .took = Clock::now() - begun};
    if (length <= 0) return heard;
    heard.answer =
        base::read_dns_answer(base::ByteView(buffer.data(), static_cast<std::size_t>(length)));
    EXPECT_TRUE(heard.answer && heard.answer->id == id_);
    return heard;
  }

  std::optional<Resolver> resolver_;
  std::optional<shaping::PacketLink> link_;
  std::uint16_t id_{0};
};

TEST_F(RealTimeNames, AreAnsweredByTheResolverWhereNobodyLies) {
  shape({});
  const Heard heard = ask("upgrades.example.net");
  ASSERT_TRUE(heard.answer);
  EXPECT_EQ(heard.answer->address, kTrue);
  EXPECT_EQ(resolver_->asked(), 1);
}

TEST_F(RealTimeNames, ComeLate) {
  link::Impairment slow{.name = "slow-dns", .effect = link::Delay{.by = 300ms}};
  slow.which = {
      .direction = base::Direction::down, .protocol = base::Protocol::udp, .port = base::kDnsPort};
  shape({slow});
  const Heard heard = ask("upgrades.example.net");
  ASSERT_TRUE(heard.answer);
  EXPECT_EQ(heard.answer->address, kTrue);
  EXPECT_GE(heard.took, 300ms);
}

TEST_F(RealTimeNames, AreHijackedOnlyWhereTheQuestionSaysSo) {
  link::Impairment hijack{.name = "hijack", .effect = link::Names{.address = kWrong}};
  hijack.which.contains = "upgrades";
  shape({hijack});
  const Heard wrong = ask("upgrades.example.net");
  ASSERT_TRUE(wrong.answer);
  EXPECT_EQ(wrong.answer->address, kWrong);
  EXPECT_EQ(resolver_->asked(), 0) << "the question went on";
  const Heard right = ask("device.example.net");
  ASSERT_TRUE(right.answer);
  EXPECT_EQ(right.answer->address, kTrue);
}

TEST_F(RealTimeNames, AreDeniedAndLost) {
  link::Impairment deny{.name = "deny", .effect = link::Names{}};
  shape({deny});
  const Heard denied = ask("upgrades.example.net");
  ASSERT_TRUE(denied.answer);
  EXPECT_EQ(denied.answer->code, base::DnsCode::no_such_name);
  EXPECT_FALSE(denied.answer->address);
  link::Impairment gone{.name = "no-dns", .effect = link::Vanish{}};
  gone.which.port = base::kDnsPort;
  link_->set({.name = "gone", .impairments = {gone}});
  EXPECT_FALSE(ask("upgrades.example.net", 200ms).answer);
  EXPECT_EQ(link_->stats().meter.way(base::Direction::up).dropped.at("no-dns"), 1U);
}

}  // namespace
}  // namespace rig::system
