#include "board/http_service.h"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "io/inet.h"
#include "io/watch.h"
#include "ota/http_session.h"

namespace rig::board {
namespace {

using namespace std::chrono_literals;
using ota::TraceKind;

constexpr std::size_t kPiece = 16 * 1024;
constexpr std::uint64_t kProgressEvery = 32 * 1024;
constexpr auto kLookAgain = 10ms;      // at what the peer has acknowledged
constexpr auto kKeptAfterClose = 60s;  // as in virtual time

// Bytes written that the peer has not acknowledged.
std::uint64_t unacknowledged(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 && bytes > 0 ? static_cast<std::uint64_t>(bytes)
                                                             : 0;
}

}  // namespace

class HttpService::Connection {
 public:
  Connection(HttpService& owner, io::UniqueFd socket, const base::Endpoint& peer)
      : owner_(owner),
        peer_("from=" + io::to_text(peer)),
        socket_(std::move(socket)),
        timer_(owner.loop_),
        idle_since_(owner.now()) {
    watch_.emplace(owner.loop_, socket_.get());
    watch_->on_readable([this] { read(); });
    owner_.tell(TraceKind::session, 0, "http connect " + peer_);
    plan_next();
  }
  ~Connection() {
    watch_.reset();
    if (socket_) io::reset(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] bool over() const { return over_; }

 private:
  void read() {
    std::array<std::uint8_t, kPiece> buffer{};
    const io::Transferred got = io::read_some(socket_.get(), buffer);
    if (got.error) return end(" reason=reset");
    session_.receive(base::ByteView(buffer).first(got.bytes));
    if (got.ended) {
      watch_->stop_reading();
      peer_done_ = true;
    }
    serve();
  }

  void serve() {
    if (over_) return;
    if (!write()) return end(" reason=reset");
    while (!session_.answering() && unsent_.empty() && !finished_) {
      auto next =
          ota::answer_next(session_, owner_.settings_.http, owner_.catalogue_, owner_.requests_);
      if (!next) break;
      begin(std::move(*next));
      if (!write()) return end(" reason=reset");
    }
    tell_progress();
    finish_if_due();
    if (!over_) plan_next();
  }

  void begin(ota::AnsweredRequest next) {
    owner_.tell(TraceKind::note, owner_.requests_, std::move(next.told));
    served_ += body_length_;
    body_from_ = written_ + next.answer.head.size();
    body_length_ = next.answer.length;
    told_ = 0;
    session_.begin(std::move(next.answer), owner_.now());
  }

  // False: the connection is broken.
  bool write() {
    while (!finished_) {
      if (unsent_.empty()) unsent_ = session_.take(kPiece, owner_.now());
      if (unsent_.empty()) return true;
      const io::Transferred put = io::write_some(socket_.get(), unsent_);
      if (put.error) return false;
      if (put.bytes > 0) idle_since_ = owner_.now();
      written_ += put.bytes;
      unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(put.bytes));
      if (!unsent_.empty()) {
        watch_->when_writable([this] { serve(); });
        return true;
      }
    }
    return true;
  }

  [[nodiscard]] std::uint64_t body_acknowledged() const {
    const std::uint64_t there = written_ - std::min(written_, unacknowledged(socket_.get()));
    return std::min(there > body_from_ ? there - body_from_ : 0, body_length_);
  }

  void tell_progress() {
    const std::uint64_t reached = body_acknowledged();
    const bool last = reached == body_length_ && reached > told_;
    if (!last && reached / kProgressEvery == told_ / kProgressEvery) return;
    told_ = reached;
    idle_since_ = owner_.now();
    owner_.tell(TraceKind::progress, reached, fmt::format("http of={}", body_length_));
  }

  [[nodiscard]] bool idle() const {
    return !session_.answering() && unsent_.empty() && unacknowledged(socket_.get()) == 0;
  }

  void finish_if_due() {
    using Then = ota::HttpAnswer::Then;
    if (finished_) {
      const bool late = owner_.now() >= idle_since_ + kKeptAfterClose;
      if ((peer_done_ && unacknowledged(socket_.get()) == 0) || late) end("");
      return;
    }
    // The fault is at its byte: so that one has to have arrived.
    if (session_.then() == Then::reset) {
      if (idle()) end(" reason=fault");
      return;
    }
    const bool closes = session_.then() == Then::close && unsent_.empty();
    const bool too_long = idle() && owner_.now() >= idle_since_ + owner_.settings_.http.keep_alive;
    if (!closes && !too_long && !(idle() && peer_done_)) return;
    finished_ = true;
    io::send_end(socket_.get());
    if (peer_done_ && unacknowledged(socket_.get()) == 0) end("");
  }

  // `how` is empty when it ended in peace.
  void end(std::string_view how) {
    if (std::exchange(over_, true)) return;
    timer_.cancel();
    owner_.tell(TraceKind::session, 0,
                fmt::format("http {} {}{} served={}", how.empty() ? "close" : "abort", peer_, how,
                            served_ + body_acknowledged()));
    watch_.reset();
    how.empty() ? socket_.reset() : io::reset(socket_);
    owner_.burial_.at(io::now(), [&owner = owner_](io::Time) { owner.bury(); });
  }

  void plan_next() {
    base::Instant next =
        idle_since_ + (finished_ ? kKeptAfterClose : owner_.settings_.http.keep_alive);
    if (const auto at = session_.wake_time(owner_.now())) next = std::min(next, *at);
    if (unacknowledged(socket_.get()) > 0) next = std::min(next, owner_.now() + kLookAgain);
    timer_.at(owner_.settings_.begun + (next - base::kCycleStart), [this](io::Time) { serve(); });
  }

  HttpService& owner_;
  std::string peer_;
  io::UniqueFd socket_;
  std::optional<io::Watch> watch_;
  io::Timer timer_;
  ota::HttpSession session_;
  base::Bytes unsent_;
  std::uint64_t written_{0};
  std::uint64_t body_from_{0};    // of `written_`: where the body of the last answer begins
  std::uint64_t body_length_{0};  // of the last answer
  std::uint64_t told_{0};         // body bytes of it that were told as acknowledged
  std::uint64_t served_{0};       // body bytes of the answers before it
  base::Instant idle_since_;
  bool peer_done_{false};
  bool finished_{false};  // we send no more
  bool over_{false};
};

HttpService::HttpService(io::Loop& loop, const ota::Catalogue& catalogue, Settings settings,
                         Told told)
    : loop_(loop),
      catalogue_(catalogue),
      settings_(std::move(settings)),
      told_(std::move(told)),
      burial_(loop),
      listener_(loop, settings_.listen, [this](io::UniqueFd socket, const base::Endpoint& peer) {
        connections_.push_back(std::make_unique<Connection>(*this, std::move(socket), peer));
      }) {}

HttpService::~HttpService() = default;

void HttpService::tell(TraceKind kind, std::uint64_t value, std::string text) {
  if (told_) told_({now(), kind, value, std::move(text)});
}

void HttpService::bury() {
  std::erase_if(connections_, [](const auto& each) { return each->over(); });
}

}  // namespace rig::board
