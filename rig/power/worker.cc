#include "power/worker.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "power/clock.h"

namespace rig::power {
namespace {

using namespace std::chrono_literals;
using Reply = std::variant<Report, std::promise<SwitchResult>>;

constexpr Duration kGrace = 500ms;

struct Job {
  Order order;
  Reply reply;
};

void deliver(Reply& reply, SwitchResult result) {
  if (auto* report = std::get_if<Report>(&reply)) return (*report)(result);
  std::get<std::promise<SwitchResult>>(reply).set_value(std::move(result));
}

Failure failure_of(const SwitchError& error) {
  return {.fault = error.fault(),
          .what = error.what(),
          .may_have_switched = may_have_switched(error.fault())};
}

// The switch, open or not, and what it last said: only the worker's thread touches it.
class Bench {
 public:
  explicit Bench(OpenSwitch open) : open_(std::move(open)) {}

  SwitchResult carry_out(const Order& order) {
    SwitchResult result{.not_before = now(), .not_after = {}, .what = {}};
    result.what = attempt(order);
    result.not_after = now();
    if (const auto* switched = std::get_if<Switched>(&result.what)) {
      result.not_before = switched->not_before;
      result.not_after = switched->not_after;
    }
    if (result.failure() != nullptr) forget();
    return result;
  }

 private:
  using What = decltype(SwitchResult::what);

  What attempt(const Order& order) {
    try {
      if (now() >= order.deadline) {
        throw SwitchError(Fault::busy, "begin in time", "earlier orders took until the deadline");
      }
      if (!power_) power_ = open_(order.deadline);
      return std::visit([&](const auto& what) { return act(what, order.deadline); }, order.what);
    } catch (const SwitchError& error) {
      return failure_of(error);
    } catch (const base::UsageError& error) {
      return Failure{.fault = {}, .what = error.what(), .may_have_switched = false};
    } catch (const std::exception& error) {
      return Failure{.fault = Fault::transfer, .what = error.what()};
    }
  }

  What act(const SetOrder& order, Moment deadline) {
    if (!order.verify) {
      if (known_) known_->put(order.change.channel, order.change.level);
      return power_->set(order.change.channel, order.change.level, deadline);
    }
    const Verified verified = set_and_verify(*power_, order.change, deadline, known_);
    known_ = verified.after;
    return verified.switched;
  }

  What act(const ReadOrder& /*order*/, Moment deadline) {
    known_ = power_->read_back(deadline);
    return known_;
  }

  What act(const CallOrder& order, Moment deadline) {
    known_.reset();
    return order.call(*power_, deadline);
  }

  void forget() {
    power_.reset();
    known_.reset();
  }

  OpenSwitch open_;
  std::unique_ptr<PowerSwitch> power_;
  std::optional<Levels> known_;  // to compare with, never an answer
};

}  // namespace

struct Worker::Desk {
  explicit Desk(OpenSwitch open) : bench(std::move(open)) {}

  Bench bench;
  std::mutex mutex;  // of everything below
  std::condition_variable changed;
  std::deque<Job> jobs;
  Moment busy_until{};  // deadline of the order under way
  bool stopping{false};
  bool finished{false};   // the thread is done with the desk
  bool abandoned{false};  // the owner is gone: the thread clears the desk away
};

Worker::Worker(std::string name, OpenSwitch open)
    : name_(std::move(name)),
      desk_(std::make_unique<Desk>(std::move(open))),
      thread_(&Worker::work, desk_.get()) {}

void Worker::work(Desk* desk) {
  std::unique_lock lock(desk->mutex);
  while (true) {
    desk->changed.wait(lock, [&] { return desk->stopping || !desk->jobs.empty(); });
    if (desk->stopping) break;
    Job job = std::move(desk->jobs.front());
    desk->jobs.pop_front();
    desk->busy_until = job.order.deadline;
    lock.unlock();
    SwitchResult result = desk->bench.carry_out(job.order);
    lock.lock();
    if (desk->abandoned) break;
    lock.unlock();
    deliver(job.reply, std::move(result));
    lock.lock();
  }
  const std::unique_ptr<Desk> to_clear(desk->abandoned ? desk : nullptr);
  desk->finished = true;
  desk->changed.notify_all();
  lock.unlock();
}

Worker::~Worker() {
  std::unique_lock lock(desk_->mutex);
  desk_->stopping = true;
  desk_->jobs.clear();
  desk_->changed.notify_all();
  const Moment limit = std::max(now(), desk_->busy_until) + kGrace;
  if (desk_->changed.wait_until(lock, limit, [this] { return desk_->finished; })) {
    lock.unlock();
    thread_.join();
    return;
  }
  desk_->abandoned = true;
  lock.unlock();
  thread_.detach();
  static_cast<void>(desk_.release());
}

void Worker::enqueue(Order order, Reply reply) {
  const std::lock_guard lock(desk_->mutex);
  desk_->jobs.push_back({std::move(order), std::move(reply)});
  desk_->changed.notify_all();
}

void Worker::submit(Order order, Report report) { enqueue(std::move(order), std::move(report)); }

std::future<SwitchResult> Worker::submit(Order order) {
  std::promise<SwitchResult> promise;
  std::future<SwitchResult> result = promise.get_future();
  enqueue(std::move(order), std::move(promise));
  return result;
}

SwitchResult result_of(std::future<SwitchResult>& pending, Moment deadline) {
  const SwitchError hangs(Fault::no_answer, "wait for a power switch");
  try {
    if (pending.wait_until(deadline + kGrace) == std::future_status::ready) return pending.get();
  } catch (const std::future_error&) {  // its worker is gone, the order never begun
    return {.not_before = {},
            .not_after = now(),
            .what = Failure{.fault = {}, .what = "worker stopped"}};
  }
  return {.not_before = {}, .not_after = now(), .what = failure_of(hangs)};
}

}  // namespace rig::power
