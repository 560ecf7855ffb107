// One HTTP connection, whatever carries it: bytes of requests in, bytes of one answer after the
// other out, no faster than the answer's faults allow. Pure; the virtual TCP (http_server.h) and a
// real socket drive it alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"
#include "ota/http_answer.h"
#include "ota/http_request.h"

namespace rig::ota {

class HttpSession {
 public:
  void receive(base::ByteView bytes) { base::append(unread_, bytes); }
  // The next request, taken, when no answer is under way; IncompleteRequest otherwise.
  [[nodiscard]] std::variant<ReadRequest, IncompleteRequest, BadRequest> next_request();
  void begin(HttpAnswer answer, base::Instant now);

  // At most `limit` bytes of the answer that may leave now; to be called until nothing comes.
  [[nodiscard]] base::Bytes take(std::size_t limit, base::Instant now);
  // When more may leave although nothing may now; absent: at once, or there is nothing.
  [[nodiscard]] std::optional<base::Instant> wake_time(base::Instant now) const;

  [[nodiscard]] bool answering() const { return answer_.has_value(); }
  // Set when an answer has left that ends the connection; nothing is read or sent any more.
  [[nodiscard]] HttpAnswer::Then then() const { return then_; }
  [[nodiscard]] std::uint64_t body_length() const { return answer_ ? answer_->length : 0; }

 private:
  [[nodiscard]] std::uint64_t body_allowed(base::Instant now) const;

  base::Bytes unread_;
  std::optional<HttpAnswer> answer_;
  base::Instant begun_{};
  std::uint64_t head_taken_{0};
  std::uint64_t body_taken_{0};
  std::optional<base::Instant> stalled_since_;
  HttpAnswer::Then then_{HttpAnswer::Then::keep};
};

// The answer to the next whole request, and what a trace says of it: "http GET /imp/2 answer=200
// first=0 bytes=520000". Counts in `requests`. Absent: nothing to answer now.
struct AnsweredRequest {
  HttpAnswer answer;
  std::string told;
};
[[nodiscard]] std::optional<AnsweredRequest> answer_next(HttpSession& session,
                                                         const HttpSettings& settings,
                                                         const Catalogue& catalogue,
                                                         std::uint32_t& requests);

}  // namespace rig::ota
