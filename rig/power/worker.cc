#include "power/worker.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "base/thread_priority.h"
#include "power/clock.h"
#include "power/order_runner.h"

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

// The first job, and, if it is a set order, those behind it that are too.
std::vector<Job> next_jobs(std::deque<Job>& waiting) {
  std::vector<Job> taken;
  const auto sets = [](const Job& job) { return std::holds_alternative<SetOrder>(job.order.what); };
  do {
    taken.push_back(std::move(waiting.front()));
    waiting.pop_front();
  } while (sets(taken.back()) && !waiting.empty() && sets(waiting.front()));
  return taken;
}

void deliver(std::vector<Job>& jobs, std::vector<SwitchResult> results) {
  for (std::size_t i = 0; i < jobs.size(); ++i) deliver(jobs[i].reply, std::move(results[i]));
}

std::vector<SwitchResult> carry_out(OrderRunner& runner, std::span<const Job> jobs) {
  std::vector<Order> orders;
  orders.reserve(jobs.size());
  for (const Job& job : jobs) orders.push_back(job.order);
  return runner.carry_out(orders);
}

}  // namespace

struct Worker::Desk {
  explicit Desk(OpenSwitch open) : runner(std::move(open)) {}

  OrderRunner runner;
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
  (void)base::prefer_this_thread();  // not granted: as fast as the kernel lets it
  std::unique_lock lock(desk->mutex);
  while (true) {
    desk->changed.wait(lock, [&] { return desk->stopping || !desk->jobs.empty(); });
    if (desk->stopping) break;
    std::vector<Job> jobs = next_jobs(desk->jobs);
    desk->busy_until = jobs.back().order.deadline;
    lock.unlock();
    std::vector<SwitchResult> results = carry_out(desk->runner, jobs);
    lock.lock();
    if (desk->abandoned) break;
    lock.unlock();
    deliver(jobs, std::move(results));
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
