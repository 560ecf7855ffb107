// HTTP without a connection: requests read, answers made, bytes handed out.
#include <gtest/gtest.h>

#include "ota/http_answer.h"
#include "ota/http_session.h"

namespace rig::ota {
namespace {

using namespace std::chrono_literals;

std::variant<ReadRequest, IncompleteRequest, BadRequest> read(std::string_view text) {
  return read_request(base::bytes_of(text));
}

HttpRequest request(std::string_view text) { return std::get<ReadRequest>(read(text)).request; }

std::uint16_t refused(std::string_view text) {
  const auto result = read(text);
  const auto* const bad = std::get_if<BadRequest>(&result);
  return bad == nullptr ? 0 : bad->status;
}

constexpr std::string_view kGet = "GET /imp/2 HTTP/1.1\r\nHost: upgrades.example.net\r\n\r\n";

TEST(HttpRequest, IsReadWhenItsEmptyLineIsThere) {
  for (std::size_t length = 0; length < kGet.size(); ++length) {
    EXPECT_TRUE(std::holds_alternative<IncompleteRequest>(read(kGet.substr(0, length)))) << length;
  }
  const auto whole = std::get<ReadRequest>(read(std::string(kGet) + "GET /next"));
  EXPECT_EQ(whole.length, kGet.size());
  EXPECT_EQ(whole.request.method, "GET");
  EXPECT_EQ(whole.request.target, "/imp/2");
  EXPECT_EQ(whole.request.field("host"), "upgrades.example.net");
  EXPECT_TRUE(whole.request.keeps_alive());
}

TEST(HttpRequest, FieldNamesHaveNoCaseAndValuesNoBlanksAround) {
  const auto one = request("GET http://h/a?b HTTP/1.0\r\nRANGE:\t bytes=1-2 \r\nX:\r\n\r\n");
  EXPECT_EQ(one.target, "/a?b");
  EXPECT_EQ(one.field("range"), "bytes=1-2");
  EXPECT_EQ(one.field("x"), "");
  EXPECT_FALSE(one.keeps_alive());
  EXPECT_FALSE(request("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n").keeps_alive());
  EXPECT_TRUE(request("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keeps_alive());
}

TEST(HttpRequest, NonsenseIsRefusedWithTheRightStatus) {
  EXPECT_EQ(refused("hello\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET  HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET imp HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nHost : h\r\n\r\n"), 400);
  EXPECT_EQ(refused("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
  EXPECT_EQ(refused("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n"), 413);
  EXPECT_EQ(refused("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), 501);
  EXPECT_EQ(refused(std::string(kHttpHeadLimit, 'x')), 431);
}

std::string range(std::string_view field, std::uint64_t size) {
  const auto read = read_range(field, size);
  if (std::holds_alternative<WholeBody>(read)) return "whole";
  const auto* const part = std::get_if<ByteRange>(&read);
  if (part == nullptr) return "unsatisfiable";
  return std::to_string(part->first) + "+" + std::to_string(part->length);
}

TEST(HttpRange, IsReadAsTheRfcSays) {
  EXPECT_EQ(range("bytes=0-", 1000), "0+1000");
  EXPECT_EQ(range("bytes=999-", 1000), "999+1");
  EXPECT_EQ(range("bytes=100-199", 1000), "100+100");
  EXPECT_EQ(range("bytes=900-5000", 1000), "900+100");
  EXPECT_EQ(range("bytes=-100", 1000), "900+100");
  EXPECT_EQ(range("bytes=-5000", 1000), "0+1000");
  EXPECT_EQ(range("bytes=1000-", 1000), "unsatisfiable");
  EXPECT_EQ(range("bytes=-0", 1000), "unsatisfiable");
  for (const auto* ignored : {"bytes=5-4", "bytes=1-2,4-5", "lines=1-2", "bytes=x-", "bytes=-",
                              "bytes=1-x", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(range(ignored, 1000), "whole") << ignored;
  }
  EXPECT_TRUE(std::holds_alternative<WholeBody>(read_range(std::nullopt, 1000)));
}

const Catalogue& catalogue() {
  static const Catalogue kOne = [] {
    base::Bytes image(1000);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i % 251);
    return Catalogue{{.function = ModuleFunction::user, .version = 2, .image = image}};
  }();
  return kOne;
}

HttpAnswer answer(std::string_view text, const HttpSettings& settings = {},
                  std::uint32_t number = 1) {
  return answer_to(request(text), settings, catalogue(), number);
}

HttpSettings with(HttpFault fault) {
  HttpSettings settings;
  settings.faults.push_back(std::move(fault));
  return settings;
}

bool says(const HttpAnswer& answer, std::string_view line) {
  return answer.head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

TEST(HttpAnswer, IsTheImageOrAPartOfIt) {
  const auto whole = answer(kGet);
  EXPECT_EQ(whole.head.substr(0, 17), "HTTP/1.1 200 OK\r\n");
  EXPECT_TRUE(says(whole, "Content-Length: 1000"));
  EXPECT_EQ(whole.then, HttpAnswer::Then::keep);
  const auto part =
      answer("GET /imp/2 HTTP/1.1\r\nHost: h\r\nRange: bytes=600-\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_TRUE(says(part, "Content-Range: bytes 600-999/1000"));
  EXPECT_TRUE(says(part, "Content-Length: 400"));
  EXPECT_TRUE(says(part, "Connection: close"));
  EXPECT_EQ(part.first, 600U);
  EXPECT_EQ(part.then, HttpAnswer::Then::close);
  const std::string beyond = "GET /imp/2 HTTP/1.1\r\nHost: h\r\nRange: bytes=1000-\r\n\r\n";
  EXPECT_EQ(answer(beyond).status, 416);
  EXPECT_TRUE(says(answer(beyond), "Content-Range: bytes */1000"));
  HttpSettings plain;
  plain.ranges = false;
  EXPECT_EQ(answer(beyond, plain).status, 200);
}

TEST(HttpAnswer, SaysWhatItDoesNotHave) {
  EXPECT_EQ(answer("GET /imp/3 HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
  EXPECT_EQ(answer("GET /imp/2x HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
  EXPECT_EQ(answer("GET /imp/65538 HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
  EXPECT_EQ(answer("POST /imp/2 HTTP/1.1\r\nHost: h\r\n\r\n").status, 405);
  const auto head = answer("HEAD /imp/2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(says(head, "Content-Length: 1000"));
  EXPECT_EQ(head.image, nullptr);
}

TEST(HttpAnswer, FaultsChangeTheAnswersTheyConcern) {
  const auto busy = with({.kind = HttpFault::Kind::status,
                          .first_request = 2,
                          .requests = 1,
                          .status = 503,
                          .retry_after = 30s});
  EXPECT_EQ(answer(kGet, busy, 1).status, 200);
  EXPECT_EQ(answer(kGet, busy, 2).status, 503);
  EXPECT_TRUE(says(answer(kGet, busy, 2), "Retry-After: 30"));
  EXPECT_EQ(answer(kGet, busy, 3).status, 200);
  const auto moved = with({.kind = HttpFault::Kind::redirect, .location = "/imp/9"});
  EXPECT_EQ(answer(kGet, moved).status, 302);
  EXPECT_TRUE(says(answer(kGet, moved), "Location: /imp/9"));
  const auto wrong = with({.kind = HttpFault::Kind::length, .off = -100});
  EXPECT_TRUE(says(answer(kGet, wrong), "Content-Length: 900"));
  EXPECT_EQ(answer(kGet, wrong).length, 1000U);
  const auto cut = with({.kind = HttpFault::Kind::truncate, .bytes = 300});
  EXPECT_TRUE(says(answer(kGet, cut), "Content-Length: 1000"));
  EXPECT_EQ(answer(kGet, cut).length, 300U);
  EXPECT_EQ(answer(kGet, cut).then, HttpAnswer::Then::close);
  const auto reset = with({.kind = HttpFault::Kind::reset, .bytes = 300});
  EXPECT_EQ(answer(kGet, reset).then, HttpAnswer::Then::reset);
}

// Everything that may leave at this instant.
std::string taken(HttpSession& session, base::Instant now) {
  std::string all;
  for (auto bytes = session.take(100, now); !bytes.empty(); bytes = session.take(100, now)) {
    all += base::as_text(bytes);
  }
  return all;
}

TEST(HttpSession, AnswersOneRequestAfterTheOther) {
  HttpSession session;
  session.receive(base::bytes_of(std::string(kGet) + std::string(kGet)));
  for (int i = 0; i < 2; ++i) {
    const auto next = session.next_request();
    ASSERT_TRUE(std::holds_alternative<ReadRequest>(next));
    session.begin(answer(kGet), base::kCycleStart);
    EXPECT_TRUE(std::holds_alternative<IncompleteRequest>(session.next_request()));
    const std::string bytes = taken(session, base::kCycleStart);
    EXPECT_EQ(bytes.size(), answer(kGet).head.size() + 1000);
    EXPECT_EQ(bytes.substr(bytes.size() - 1000), base::as_text(catalogue()[0].image));
    EXPECT_FALSE(session.answering());
  }
  EXPECT_TRUE(std::holds_alternative<IncompleteRequest>(session.next_request()));
}

TEST(HttpSession, StallsAtTheByteAndGoesOnWhenThePauseIsOver) {
  const base::Instant now = base::kCycleStart + 1s;
  HttpSession session;
  const auto stalled =
      answer(kGet, with({.kind = HttpFault::Kind::stall, .bytes = 300, .pause = 10min}));
  session.begin(stalled, now);
  EXPECT_EQ(taken(session, now).size(), stalled.head.size() + 300);
  EXPECT_EQ(session.wake_time(now), now + 10min);
  EXPECT_TRUE(taken(session, now + 9min).empty());
  EXPECT_EQ(taken(session, now + 10min).size(), 700U);
  EXPECT_FALSE(session.answering());

  session.begin(answer(kGet, with({.kind = HttpFault::Kind::stall, .bytes = 0})), now);
  EXPECT_EQ(taken(session, now), answer(kGet).head);
  EXPECT_FALSE(session.wake_time(now)) << "for ever";
  EXPECT_TRUE(taken(session, now + 24h).empty());
}

TEST(HttpSession, ASlowAnswerTakesItsTime) {
  base::Instant now = base::kCycleStart;
  HttpSession session;
  session.begin(answer(kGet, with({.kind = HttpFault::Kind::slow, .bytes = 40})), now);
  std::size_t bytes = taken(session, now).size();
  while (const auto next = session.wake_time(now)) {
    ASSERT_GT(*next, now);
    now = *next;
    bytes += taken(session, now).size();
  }
  EXPECT_EQ(bytes, answer(kGet).head.size() + 1000);
  // All but the last piece have to be over when that one leaves.
  EXPECT_GE(now - base::kCycleStart, 18'600ms);
  EXPECT_LE(now - base::kCycleStart, 25s);
}

TEST(HttpSession, EndsTheConnectionAfterTheLastByte) {
  HttpSession session;
  session.begin(answer(kGet, with({.kind = HttpFault::Kind::reset, .bytes = 5})),
                base::kCycleStart);
  EXPECT_EQ(session.then(), HttpAnswer::Then::keep);
  (void)taken(session, base::kCycleStart);
  EXPECT_EQ(session.then(), HttpAnswer::Then::reset);
  session.receive(base::bytes_of(kGet));
  EXPECT_TRUE(std::holds_alternative<IncompleteRequest>(session.next_request()));
}

}  // namespace
}  // namespace rig::ota
