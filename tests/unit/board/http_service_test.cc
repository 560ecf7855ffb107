// The image server on the kernel's sockets: what differs from its virtual twin, which is who
// carries the bytes and who tells the time.
#include "board/http_service.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "io/inet.h"
#include "io/watch.h"

namespace rig::board {
namespace {

using namespace std::chrono_literals;

constexpr base::Endpoint kAnyPort{.address = 0x7F000001, .port = 0};
constexpr std::size_t kImage = 100'000;

const ota::Catalogue& catalogue() {
  static const ota::Catalogue kOne = [] {
    base::Bytes image(kImage);
    for (std::size_t i = 0; i < kImage; ++i) image[i] = static_cast<std::uint8_t>(i * 7 % 253);
    return ota::Catalogue{
        {.function = ota::ModuleFunction::user, .version = 2, .image = std::move(image)}};
  }();
  return kOne;
}

// A device that writes its requests and reads what comes.
class RealHttp : public testing::Test {
 protected:
  void serve(ota::HttpSettings http = {}) {
    service_.emplace(
        loop_, catalogue(),
        HttpService::Settings{.http = std::move(http), .listen = kAnyPort, .begun = io::now()},
        [this](const ota::Trace& trace) { told_ += trace.text + "\n"; });
  }
  void connect() {
    got_.clear();
    ended_ = false;
    error_ = {};
    watch_.reset();
    socket_ = io::start_connecting(service_->local());
    watch_.emplace(loop_, socket_.get());
    watch_->on_readable([this] { read(); });
  }
  void ask(const std::string& fields = "") {
    const std::string request = "GET /imp/2 HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    watch_->when_writable(
        [this, request] { (void)io::write_some(socket_.get(), base::bytes_of(request)); });
  }
  void read() {
    std::array<std::uint8_t, 65536> buffer{};
    const io::Transferred got = io::read_some(socket_.get(), buffer);
    got_.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got.bytes));
    ended_ = ended_ || got.ended;
    error_ = got.error;
    if (got.ended || got.error) watch_->stop_reading();
  }
  [[nodiscard]] std::string body() const {
    const std::size_t head = got_.find("\r\n\r\n");
    return head == std::string::npos ? "" : got_.substr(head + 4);
  }
  bool until(const std::function<bool()>& done) { return loop_.run_until(done, 20s); }
  [[nodiscard]] bool told(std::string_view text) const {
    return told_.find(text) != std::string::npos;
  }

  io::Loop loop_;
  std::optional<HttpService> service_;
  io::UniqueFd socket_;
  std::optional<io::Watch> watch_;
  std::string got_;
  bool ended_{false};
  std::error_code error_{};
  std::string told_;
};

TEST_F(RealHttp, ServesAnImageAndClosesWhenAskedTo) {
  serve();
  connect();
  ask("Connection: close\r\n");
  ASSERT_TRUE(until([this] { return ended_; }));
  EXPECT_TRUE(body() == base::as_text(catalogue().front().image));
  socket_.reset();
  EXPECT_TRUE(told("http connect from=127.0.0.1:"));
  EXPECT_TRUE(told("http GET /imp/2 answer=200 first=0 bytes=100000"));
  EXPECT_TRUE(told("http of=100000"));
}

TEST_F(RealHttp, KeepsAConnectionAndServesRanges) {
  serve();
  connect();
  ask("Range: bytes=99990-\r\n");
  ASSERT_TRUE(until([this] { return body().size() == 10; }));
  EXPECT_TRUE(told("answer=206 first=99990 bytes=10"));
  got_.clear();
  ask("Range: bytes=0-3\r\n");
  ASSERT_TRUE(until([this] { return body().size() == 4; }));
  EXPECT_FALSE(ended_);
  EXPECT_EQ(service_->requests(), 2U);
}

TEST_F(RealHttp, FaultsLandAtTheirByte) {
  using Kind = ota::HttpFault::Kind;
  ota::HttpSettings http;
  http.faults = {
      {.kind = Kind::truncate, .first_request = 1, .requests = 1, .bytes = 30'000},
      {.kind = Kind::reset, .first_request = 2, .requests = 1, .bytes = 20'000},
      {.kind = Kind::stall, .first_request = 3, .requests = 1, .bytes = 10'000, .pause = 200ms}};
  serve(std::move(http));
  connect();
  ask();
  ASSERT_TRUE(until([this] { return ended_; }));
  EXPECT_EQ(body().size(), 30'000U);
  connect();
  ask();
  ASSERT_TRUE(until([this] { return static_cast<bool>(error_); }));
  EXPECT_EQ(body().size(), 20'000U);
  EXPECT_TRUE(told("reason=fault served=20000"));
  connect();
  ask("Connection: close\r\n");
  ASSERT_TRUE(until([this] { return body().size() == 10'000; }));
  const io::Time stalled = io::now();
  ASSERT_TRUE(until([this] { return ended_; }));
  EXPECT_EQ(body().size(), kImage);
  EXPECT_GE(io::now() - stalled, 100ms);  // it was looked at some time after it began
}

TEST_F(RealHttp, AnIdleConnectionIsClosed) {
  ota::HttpSettings http;
  http.keep_alive = 50ms;
  serve(std::move(http));
  connect();
  ASSERT_TRUE(until([this] { return ended_; }));
  socket_.reset();
  EXPECT_TRUE(until([this] { return told("http close from="); }));
}

}  // namespace
}  // namespace rig::board
