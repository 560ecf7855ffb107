#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "expect_fault.h"
#include "power/clock.h"
#include "power/scpi_supply.h"
#include "power/scpi_text.h"
#include "power/verify.h"
#include "soon.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;

// A supply with three outputs on a loopback port, one connection at a time.
class FakeSupply {
 public:
  FakeSupply() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check_switch(bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
                 "bind");
    check_switch(listen(listener_.get(), 1), "listen");
    socklen_t size = sizeof address;
    getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = std::to_string(ntohs(address.sin_port));
    thread_ = std::thread(&FakeSupply::serve, this);
  }
  ~FakeSupply() { stop(); }

  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    connection_.reset();
    listener_.reset();
  }
  [[nodiscard]] TcpPlace place() const { return {"127.0.0.1", port_}; }
  [[nodiscard]] std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

  std::array<std::atomic<bool>, 4> on{};
  std::atomic<bool> mute{false};
  std::atomic<bool> trips{false};
  std::atomic<bool> stuck{false};
  std::atomic<bool> rejects{false};
  std::atomic<bool> babbles{false};

 private:
  [[nodiscard]] bool readable(int fd) const {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    return poll(&wanted, 1, 2) > 0;
  }
  void serve() {
    while (!stop_) {
      if (!connection_) {
        if (readable(listener_.get())) {
          connection_ = base::UniqueFd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        }
        continue;
      }
      if (readable(connection_.get())) take();
    }
  }
  void take() {
    std::array<char, 256> buffer{};
    const ssize_t count = read(connection_.get(), buffer.data(), buffer.size());
    if (count <= 0) return connection_.reset();
    text_.append(buffer.data(), static_cast<std::size_t>(count));
    for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      obey(text_.substr(0, end));
      text_.erase(0, end + 1);
    }
  }
  void obey(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
    if (line.starts_with(":INST:NSEL ")) selected_ = static_cast<std::size_t>(line.back() - '0');
    if (line == ":OUTP ON") on[selected_] = !trips && !stuck;
    if (line == ":OUTP OFF" && !stuck) on[selected_] = false;
    if (line.starts_with(":SOUR:VOLT ")) volts_ = line.substr(11);
    if (line == ":OUTP?") reply(on[selected_] ? "ON" : "OFF");
    if (line == "*OPC?") reply("1");
    if (line == ":MEAS:VOLT?") reply(on[selected_] ? volts_ : "0.002");
    if (line == ":SYST:ERR?") reply(rejects ? "-222,\"Data out of range\"" : "0,\"No error\"");
  }
  void reply(const std::string& line) {
    if (mute) return;
    const std::string text = (babbles ? "HTTP/1.1 400 Bad Request" : line) + "\r\n";
    send(connection_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }

  base::UniqueFd listener_;
  base::UniqueFd connection_;
  std::string port_;
  std::string text_;
  std::string volts_{"5.000"};
  std::size_t selected_{1};
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

class Supply : public testing::Test {
 protected:
  FakeSupply supply_;
  ScpiSupply power_{ScpiLink(supply_.place(), soon()), 3, soon()};
};

TEST(ScpiText, ReadsLevelsNumbersAndErrors) {
  EXPECT_EQ(parse_scpi_level(" on\r\n"), Level::on);
  EXPECT_EQ(parse_scpi_level("0"), Level::off);
  EXPECT_FALSE(parse_scpi_level("ONE"));
  EXPECT_EQ(parse_scpi_number("+1.250E+1"), 12.5);
  for (const char* garbage : {"", "volts", "1.0V", "nan", "inf"}) {
    EXPECT_FALSE(parse_scpi_number(garbage)) << garbage;
  }
  EXPECT_TRUE(is_scpi_no_error("+0,\"No error\""));
  EXPECT_FALSE(is_scpi_no_error("-222,\"Data out of range\""));
  EXPECT_EQ(scpi_volts(3.3), ":SOUR:VOLT 3.300");
}

TEST_F(Supply, SwitchesOneOutputAndReadsAll) {
  const Verified done = set_and_verify(power_, {Channel{2}, Level::on}, soon());
  EXPECT_TRUE(supply_.on[2]);
  EXPECT_EQ(done.after->bits(), 0b100U);
  EXPECT_LE(done.switched.not_before, done.switched.not_after);
  static_cast<void>(set_and_verify(power_, {Channel{2}, Level::off}, soon()));
  EXPECT_FALSE(supply_.on[2]);
}

TEST_F(Supply, MeasuresWhatProvesAnOff) {
  static_cast<void>(power_.set(Channel{1}, Level::on, soon()));
  static_cast<void>(power_.set_volts(Channel{1}, 3.3, soon()));
  EXPECT_DOUBLE_EQ(power_.measure_volts(Channel{1}, soon()), 3.3);
  static_cast<void>(power_.set(Channel{1}, Level::off, soon()));
  EXPECT_LT(power_.measure_volts(Channel{1}, soon()), 0.1);
}

TEST_F(Supply, WhoseProtectionTripsHasRefused) {
  supply_.trips = true;
  expect_fault(Fault::refused,
               [&] { static_cast<void>(power_.set(Channel{1}, Level::on, soon())); });
}

TEST_F(Supply, ThatStaysOnIsStuck) {
  static_cast<void>(power_.set(Channel{1}, Level::on, soon()));
  supply_.stuck = true;
  expect_fault(Fault::stuck, [&] {
    static_cast<void>(set_and_verify(power_, {Channel{1}, Level::off}, soon()));
  });
}

TEST_F(Supply, ThatReportsAnErrorHasRefused) {
  supply_.rejects = true;
  expect_fault(Fault::refused,
               [&] { static_cast<void>(power_.set_volts(Channel{1}, 99, soon())); });
}

TEST_F(Supply, ThatIsMuteDoesNotAnswer) {
  supply_.mute = true;
  expect_fault(Fault::no_answer,
               [&] { static_cast<void>(power_.set(Channel{1}, Level::off, now() + 50ms)); });
}

TEST_F(Supply, ThatIsNoSupplyIsGarbled) {
  supply_.babbles = true;
  expect_fault(Fault::garbled,
               [&] { static_cast<void>(power_.set(Channel{1}, Level::off, soon())); });
}

TEST_F(Supply, ThatHangsUpHasVanished) {
  supply_.stop();
  expect_fault(Fault::vanished,
               [&] { static_cast<void>(power_.set(Channel{1}, Level::off, soon())); });
}

TEST_F(Supply, ThatHangsUpDuringAProfileHasVanished) {
  std::thread unplug([&] { supply_.stop(); });
  expect_fault(Fault::vanished, [&] {
    static_cast<void>(power_.play(
        Channel{1}, RapidCycles{.count = 1000, .off_for = 10ms, .on_for = 10ms}, now() + 10s));
  });
  unplug.join();
}

TEST_F(Supply, PlaysADipAsTwoVoltagesInTime) {
  const auto played =
      power_.play(Channel{1}, Dip{.from_volts = 5, .to_volts = 3.1, .length = 60ms}, soon());
  ASSERT_EQ(played.size(), 2U);
  EXPECT_GE(played[1].switched.not_before - played[0].switched.not_before, 59ms);
  EXPECT_LE(played[0].switched.not_after, played[1].switched.not_before);
  std::vector<std::string> volts;
  for (const std::string& line : supply_.lines()) {
    if (line.starts_with(":SOUR:VOLT")) volts.push_back(line);
  }
  EXPECT_EQ(volts, (std::vector<std::string>{":SOUR:VOLT 3.100", ":SOUR:VOLT 5.000"}));
}

TEST_F(Supply, PlaysRapidCyclesAndEndsOn) {
  const auto played =
      power_.play(Channel{1}, RapidCycles{.count = 3, .off_for = 5ms, .on_for = 5ms}, soon());
  EXPECT_EQ(played.size(), 6U);
  EXPECT_TRUE(supply_.on[1]);
}

TEST(ScpiLink, ToNobodyIsRefusedOrAbsent) {
  FakeSupply gone;
  const TcpPlace place = gone.place();
  gone.stop();
  expect_fault(Fault::refused, [&] { const ScpiLink link(place, soon()); });
  expect_fault(Fault::absent,
               [&] { const ScpiLink link(UsbtmcPlace{"/dev/usbtmc-none"}, soon()); });
}

TEST(VoltageProfile, OfARampEndsExactlyThere) {
  const auto steps = steps_of(Ramp{.from_volts = 5, .to_volts = 2, .length = 300ms, .steps = 3});
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(std::get<double>(steps[0].what), 5);
  EXPECT_EQ(std::get<double>(steps[1].what), 4);
  EXPECT_EQ(steps[2].at, 200ms);
  EXPECT_EQ(std::get<double>(steps[3].what), 2);
  EXPECT_EQ(steps[3].at, 300ms);
}

TEST(VoltageProfile, OfRapidCyclesAlternates) {
  const auto steps = steps_of(RapidCycles{.count = 2, .off_for = 10ms, .on_for = 30ms});
  ASSERT_EQ(steps.size(), 4U);
  EXPECT_EQ(std::get<Level>(steps[2].what), Level::off);
  EXPECT_EQ(steps[2].at, 40ms);
  EXPECT_EQ(steps[3].at, 50ms);
}

TEST(VoltageProfile, ThatCannotBeIsAUsageError) {
  const std::vector<VoltageProfile> impossible{
      Dip{.from_volts = 5, .to_volts = -1, .length = 1ms},
      Dip{.from_volts = 5, .to_volts = 1, .length = 0ms},
      Ramp{.from_volts = 5, .to_volts = 0, .length = 1s, .steps = 0},
      RapidCycles{.count = 0, .off_for = 1ms, .on_for = 1ms},
      RapidCycles{.count = 1, .off_for = 0ms, .on_for = 1ms}};
  for (const VoltageProfile& each : impossible) {
    EXPECT_FALSE(usage_error([&] { static_cast<void>(steps_of(each)); }).empty());
  }
}

}  // namespace
}  // namespace rig::power
