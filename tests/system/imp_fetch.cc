#include "imp_fetch.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace rig::system {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;
using boost::system::error_code;

constexpr std::chrono::milliseconds kGlance{5};  // at the power
constexpr std::size_t kPiece = 512;              // what a modem hands over at a time

class Session {
 public:
  Session(const ImpSettings& settings, const ImpPower& power)
      : settings_(settings), power_(power), losses_(power.losses), begun_(Clock::now()) {}

  [[nodiscard]] ImpTry run() {
    for (int pass = 1; pass <= 2; ++pass) {
      told_ = {.pass = pass, .ended = {}, .bytes = 0, .checksum = checksum_of(nullptr, 0)};
      told_.ended = fetch();
      if (told_.ended != "done") break;
    }
    return told_;
  }

 private:
  std::string fetch() {
    beast::tcp_stream stream(context_);
    error_code error;
    if (!open(stream, error)) return error ? "no-server" : why_;
    http::request<http::empty_body> request(http::verb::get, settings_.path, 11);
    request.set(http::field::host, "upgrades.example.net");
    request.set(http::field::connection, "close");
    if (!await([&](auto done) { http::async_write(stream, request, done); }, error)) {
      return error ? "closed" : why_;
    }
    return receive(stream);
  }

  bool open(beast::tcp_stream& stream, error_code& error) {
    auto& socket = stream.socket();
    socket.open(asio::ip::tcp::v4());
    const int segment = settings_.segment_bytes;
    const int window = settings_.segment_bytes * settings_.window_segments;
    const int memory = 4 * window;  // or it would grow
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_WINDOW_CLAMP, &window, sizeof window);
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVBUF, &memory, sizeof memory);
    const asio::ip::tcp::endpoint server(asio::ip::make_address(settings_.server), settings_.port);
    return await([&](auto done) { stream.async_connect(server, done); }, error);
  }

  std::string receive(beast::tcp_stream& stream) {
    beast::flat_buffer buffer;
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(64U << 20);
    error_code error;
    if (!await([&](auto done) { http::async_read_header(stream, buffer, parser, done); }, error)) {
      return error ? "closed" : why_;
    }
    if (parser.get().result() != http::status::ok) return "bad-answer";
    std::array<std::uint8_t, kPiece> piece{};
    while (!parser.is_done()) {
      parser.get().body().data = piece.data();
      parser.get().body().size = piece.size();
      const bool got =
          await([&](auto done) { http::async_read_some(stream, buffer, parser, done); }, error);
      if (!got && error != http::error::need_buffer) return error ? "closed" : why_;
      const std::size_t length = piece.size() - parser.get().body().size;
      told_.checksum = checksum_of(piece.data(), length, told_.checksum);
      told_.bytes += length;
    }
    return "done";
  }

  // Without an error and false: it had to stop, and why_ says why.
  template <class Start>
  bool await(Start start, error_code& error) {
    bool over = false;
    error = {};
    const auto heard = Clock::now();
    if (has_to_stop(heard)) return false;
    start([&](error_code result, auto&&...) {
      error = result;
      over = true;
    });
    while (!over) {
      context_.restart();
      context_.run_one_for(kGlance);
      if (!over && has_to_stop(heard)) return false;  // what is under way ends with the stream
    }
    return !error;
  }

  bool has_to_stop(Clock::time_point heard) {
    const auto now = Clock::now();
    const bool late = settings_.session.count() > 0 && now - begun_ >= settings_.session;
    const bool dark = !power_.on || power_.losses != losses_;
    why_ = dark ? "power" : late ? "timeout" : now - heard >= settings_.silence ? "stalled" : "";
    return !why_.empty();
  }

  const ImpSettings& settings_;
  const ImpPower& power_;
  unsigned losses_;
  Clock::time_point begun_;
  asio::io_context context_;
  ImpTry told_;
  std::string why_;
};

}  // namespace

std::uint32_t checksum_of(const std::uint8_t* data, std::size_t length, std::uint32_t so_far) {
  for (std::size_t i = 0; i < length; ++i) so_far = (so_far ^ data[i]) * 16777619U;
  return so_far;
}

ImpStory run_imp(const ImpSettings& settings, const ImpPower& power) {
  ImpStory story;
  const auto begun = Clock::now();
  while (static_cast<int>(story.tries.size()) < settings.tries && !story.upgraded()) {
    power.on.wait(false);
    story.tries.push_back(Session(settings, power).run());
  }
  story.took = Clock::now() - begun;
  return story;
}

}  // namespace rig::system
