#include "ota/http_session.h"

#include <fmt/format.h>

#include <algorithm>

namespace rig::ota {
namespace {

// A slow answer leaves in pieces, not byte by byte, and one with each take().
constexpr std::uint64_t kSlowPiece = 256;

base::Duration time_of(std::uint64_t bytes, std::uint64_t per_second) {
  return base::Duration(
      static_cast<std::int64_t>((bytes * 1'000'000'000 + per_second - 1) / per_second));
}

}  // namespace

std::variant<ReadRequest, IncompleteRequest, BadRequest> HttpSession::next_request() {
  if (answer_ || then_ != HttpAnswer::Then::keep) return IncompleteRequest{};
  auto read = read_request(unread_);
  if (const auto* const whole = std::get_if<ReadRequest>(&read)) {
    unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(whole->length));
  }
  return read;
}

void HttpSession::begin(HttpAnswer answer, base::Instant now) {
  answer_ = std::move(answer);
  begun_ = now;
  head_taken_ = 0;
  body_taken_ = 0;
  stalled_since_.reset();
}

std::uint64_t HttpSession::body_allowed(base::Instant now) const {
  std::uint64_t allowed = answer_->length;
  if (answer_->stall_at && *answer_->stall_at < allowed) {
    const bool over = stalled_since_ && answer_->stall_for > base::Duration::zero() &&
                      now >= *stalled_since_ + answer_->stall_for;
    if (!over) allowed = *answer_->stall_at;
  }
  if (const std::uint64_t rate = answer_->bytes_per_second; rate > 0) {
    const bool due = now >= begun_ + time_of(body_taken_, rate);
    allowed = std::min(allowed, body_taken_ + (due ? kSlowPiece : 0));
  }
  return allowed;
}

base::Bytes HttpSession::take(std::size_t limit, base::Instant now) {
  base::Bytes taken;
  if (!answer_) return taken;
  const std::size_t head = std::min<std::size_t>(limit, answer_->head.size() - head_taken_);
  base::append(taken, std::string_view(answer_->head).substr(head_taken_, head));
  head_taken_ += head;
  const std::uint64_t allowed = answer_->image == nullptr ? 0 : body_allowed(now);
  const std::uint64_t body = std::min<std::uint64_t>(limit - head, allowed - body_taken_);
  if (body > 0) {
    base::append(taken,
                 base::ByteView(*answer_->image).subspan(answer_->first + body_taken_, body));
    body_taken_ += body;
  }
  if (answer_->stall_at == body_taken_ && !stalled_since_) stalled_since_ = now;
  const bool all_body = answer_->image == nullptr || body_taken_ == answer_->length;
  if (head_taken_ == answer_->head.size() && all_body) {
    then_ = answer_->then;
    answer_.reset();
  }
  return taken;
}

std::optional<base::Instant> HttpSession::wake_time(base::Instant now) const {
  if (!answer_ || answer_->image == nullptr || body_taken_ < body_allowed(now)) return std::nullopt;
  if (stalled_since_ && answer_->stall_at == body_taken_) {
    if (answer_->stall_for == base::Duration::zero()) return std::nullopt;
    return *stalled_since_ + answer_->stall_for;
  }
  if (answer_->bytes_per_second == 0) return std::nullopt;
  return begun_ + time_of(body_taken_, answer_->bytes_per_second);
}

std::optional<AnsweredRequest> answer_next(HttpSession& session, const HttpSettings& settings,
                                           const Catalogue& catalogue, std::uint32_t& requests) {
  const auto next = session.next_request();
  if (std::holds_alternative<IncompleteRequest>(next)) return std::nullopt;
  ++requests;
  const auto* const read = std::get_if<ReadRequest>(&next);
  HttpAnswer answer = read == nullptr ? answer_to(std::get<BadRequest>(next))
                                      : answer_to(read->request, settings, catalogue, requests);
  const std::string what = read == nullptr ? "bad request: " + std::get<BadRequest>(next).what
                                           : read->request.method + " " + read->request.target;
  std::string told = fmt::format("http {} answer={} first={} bytes={}", what, answer.status,
                                 answer.first, answer.length);
  return AnsweredRequest{std::move(answer), std::move(told)};
}

}  // namespace rig::ota
