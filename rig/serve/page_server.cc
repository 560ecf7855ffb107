#include "serve/page_server.h"

#include <algorithm>
#include <list>
#include <vector>

#include "base/bytes.h"
#include "base/rig_error.h"
#include "io/byte_stream.h"
#include "io/tcp_listener.h"
#include "io/timer.h"

namespace rig::serve {
namespace {

using Request = std::variant<ota::HttpRequest, ota::BadRequest>;

// One request and its answer. `ended` is called once, never within the constructor.
class Connection {
 public:
  Connection(io::Loop& loop, io::UniqueFd socket, const PageServer::Answer& answer,
             std::function<void(const Connection*)> ended)
      : answer_(answer),
        ended_(std::move(ended)),
        socket_(std::move(socket)),
        limit_(loop),
        stream_(loop, {.in = socket_.get(), .out = socket_.get()},
                {.received = [this](base::ByteView bytes, io::Time) { received(bytes); },
                 .ended = [this](std::error_code, io::Time) { ended_(this); }}) {
    limit_.after(PageServer::kLimit, [this](io::Time) { ended_(this); });
  }

 private:
  void received(base::ByteView bytes) {
    if (answered_) return;
    head_.insert(head_.end(), bytes.begin(), bytes.end());
    auto read = ota::read_request(head_);
    if (std::holds_alternative<ota::IncompleteRequest>(read)) return;
    answered_ = true;
    if (auto* whole = std::get_if<ota::ReadRequest>(&read)) {
      text_ = answer_(std::move(whole->request));
    } else {
      text_ = answer_(std::get<ota::BadRequest>(read));
    }
    send();
  }

  // In pieces that the stream's queue takes.
  void send() {
    if (sent_ == text_.size()) return ended_(this);
    const std::size_t piece = std::min(text_.size() - sent_, io::ByteStream::kWriteQueue / 2);
    const auto* from = reinterpret_cast<const std::uint8_t*>(text_.data()) + sent_;
    sent_ += piece;
    try {
      stream_.write({from, piece});
      stream_.when_written([this] { send(); });
    } catch (const base::RigError&) {
      ended_(this);  // the browser has gone
    }
  }

  const PageServer::Answer& answer_;
  std::function<void(const Connection*)> ended_;
  io::UniqueFd socket_;
  io::Timer limit_;
  base::Bytes head_;
  std::string text_;
  std::size_t sent_{0};
  bool answered_{false};
  io::ByteStream stream_;
};

}  // namespace

struct PageServer::Parts {
  Parts(io::Loop& on, const base::Endpoint& at, Answer says)
      : loop(on),
        answer(std::move(says)),
        sweeper(on),
        listener(on, at, [this](io::UniqueFd socket, const base::Endpoint&) {
          if (connections.size() >= kConnections) return;  // closes it
          connections.emplace_back(loop, std::move(socket), answer,
                                   [this](const Connection* which) { forget(which); });
        }) {}

  // A connection must not die within its own callback.
  void forget(const Connection* which) {
    ended.push_back(which);
    sweeper.after({}, [this](io::Time) {
      connections.remove_if([this](const Connection& each) {
        return std::find(ended.begin(), ended.end(), &each) != ended.end();
      });
      ended.clear();
    });
  }

  io::Loop& loop;
  Answer answer;
  std::list<Connection> connections;
  std::vector<const Connection*> ended;
  io::Timer sweeper;
  io::TcpListener listener;
};

PageServer::PageServer(io::Loop& loop, const base::Endpoint& local, Answer answer)
    : parts_(std::make_unique<Parts>(loop, local, std::move(answer))) {}

PageServer::~PageServer() = default;

base::Endpoint PageServer::local() const { return parts_->listener.local(); }

}  // namespace rig::serve
