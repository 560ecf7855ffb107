#include "io/loop.h"

#include <boost/asio/post.hpp>
#include <csignal>
#include <utility>

#include "io/loop_core.h"

namespace rig::io {
namespace {

// stop() leaves the context stopped until the run it ended has returned: then it can run again.
class Restarted {
 public:
  explicit Restarted(boost::asio::io_context& context) : context_(context) {}
  ~Restarted() {
    if (context_.stopped()) context_.restart();
  }
  Restarted(const Restarted&) = delete;
  Restarted& operator=(const Restarted&) = delete;

 private:
  boost::asio::io_context& context_;
};

}  // namespace

Loop::Loop() : core_(std::make_unique<LoopCore>()) { std::signal(SIGPIPE, SIG_IGN); }
Loop::~Loop() = default;

void Loop::run() {
  const Restarted again(core_->context);
  core_->context.run();
}

void Loop::run_for(Duration length) {
  (void)run_until([] { return false; }, length);
}

bool Loop::run_until(const std::function<bool()>& done, Duration limit) {
  const Restarted again(core_->context);
  const Time end = now() + limit;
  while (!done()) {
    if (core_->context.run_one_until(end) == 0) return done();
  }
  return true;
}

void Loop::stop() { core_->context.stop(); }

void Loop::post(std::function<void()> task) { boost::asio::post(core_->context, std::move(task)); }

}  // namespace rig::io
