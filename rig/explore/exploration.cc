#include "explore/exploration.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "base/assert.h"

namespace rig::explore {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAgain = 100ms;
constexpr std::uint32_t kLongTask = 2048;  // changes; a task begins with replaying those before

// The threads of one round. They take tasks from both ends: neighbours often lead to the same
// unknown recovery, and two threads should not execute it twice.
class RoundCrew {
 public:
  RoundCrew(std::size_t tasks, unsigned jobs) : until_(tasks), working_(jobs) {}

  [[nodiscard]] std::optional<std::size_t> next(bool from_front) {
    const std::lock_guard lock(mutex_);
    if (from_ == until_ || failure_) return std::nullopt;
    return from_front ? from_++ : --until_;
  }
  void left(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (failure && !failure_) failure_ = failure;
    if (--working_ == 0) done_.notify_all();
  }
  // False: still at work after a while.
  [[nodiscard]] bool wait() {
    std::unique_lock lock(mutex_);
    return done_.wait_for(lock, kLookAgain, [this] { return working_ == 0; });
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  std::size_t from_{0};
  std::size_t until_;
  unsigned working_;
  std::exception_ptr failure_;
};

}  // namespace

Exploration::Exploration(const ExploreSettings& settings, RecoverOf recover_of)
    : settings_(settings),
      recover_of_(std::move(recover_of)),
      models_(settings.torn, *settings.flash) {
  RIG_ASSERT(settings.jobs > 0 && (settings.prune || settings.cuts == 1));
}

void Exploration::begin(Trace trace, base::ByteView flash) {
  knowledge_.begin(std::move(trace), flash);
  executions_ = 1;
}

bool Exploration::walks(StateNumber state) const {
  return settings_.cuts == 0 || knowledge_.state(state).depth < settings_.cuts;
}

// States that have not been walked, and those whose neighbours need more than when they were.
std::vector<StateNumber> Exploration::due() const {
  std::vector<StateNumber> states;
  for (StateNumber state = 0; state < knowledge_.states(); ++state) {
    if (!walks(state)) continue;
    const bool walked = state < records_.size() && records_[state].walked;
    const auto stale = [this](const auto& target) {
      return knowledge_.state(target.first).version != target.second;
    };
    if (!walked ||
        std::any_of(records_[state].targets.begin(), records_[state].targets.end(), stale)) {
      states.push_back(state);
    }
  }
  return states;
}

// Most unknown recoveries are behind the first and the last few changes, where an update says what
// it is about: tasks are short there, unless there is enough else to share out.
Exploration::Tasks Exploration::tasks_for(const std::vector<StateNumber>& states) const {
  Tasks tasks;
  const bool many = states.size() >= std::size_t{4} * settings_.jobs;
  for (const StateNumber state : states) {
    const auto changes =
        static_cast<std::uint32_t>(knowledge_.behaviour_of(state).trace.changes.size());
    const std::uint32_t most = std::max(kLongTask, changes / (8 * settings_.jobs) + 1);
    for (std::uint32_t from = 0; from < changes;) {
      const std::uint32_t to_end = std::min(from, changes - from);
      const std::uint32_t length = many ? most : std::min(most, to_end / 8 + 1);
      const std::uint32_t until = std::min(changes, from + length);
      tasks.push_back({state, from, until});
      from = until;
    }
  }
  return tasks;
}

void Exploration::work(const Tasks& tasks, const ExploreObserver& observer,
                       std::vector<Walked>& results) {
  RoundCrew crew(tasks.size(), settings_.jobs);
  std::atomic<std::uint64_t> executions{executions_};
  std::atomic<bool> exhausted{exhausted_};
  const auto walk_tasks = [&](unsigned job) {
    std::exception_ptr failure;
    try {
      const Recover recover = recover_of_(job);
      Walker walker(
          knowledge_,
          {.models = models_,
           .flash = *settings_.flash,
           .prune = settings_.prune,
           .pull_needs = settings_.cuts != 1},
          [&](const PowerOn& world) {
            ++executions;
            return recover(world);
          },
          [&] {
            if (settings_.most_executions != 0 && executions >= settings_.most_executions) {
              exhausted = true;
            }
            return exhausted.load();
          });
      while (const auto task = crew.next(job % 2 == 0)) results[*task] = walker.walk(tasks[*task]);
    } catch (...) {
      failure = std::current_exception();
    }
    crew.left(failure);
  };
  // Nobody to tell meanwhile: no thread is needed.
  const bool alone = settings_.jobs == 1 && !observer.stop && !observer.progress;
  if (alone) walk_tasks(0);
  std::vector<std::jthread> threads;
  for (unsigned job = alone ? 1 : 0; job < settings_.jobs; ++job) {
    threads.emplace_back(walk_tasks, job);
  }
  while (!crew.wait()) {
    executions_ = executions;
    if (observer.stop && observer.stop()) exhausted = true;
    if (observer.progress) observer.progress(progress());
  }
  threads.clear();
  executions_ = executions;
  exhausted_ = exhausted;
  crew.rethrow();
}

void Exploration::take(const std::vector<StateNumber>& states, std::vector<Walked> results) {
  records_.resize(knowledge_.states());
  for (const StateNumber state : states)
    records_[state] = {.walked = true, .stretches = {}, .targets = {}};
  for (Walked& part : results) {
    Record& record = records_[part.state];
    record.stretches.insert(record.stretches.end(), part.stretches.begin(), part.stretches.end());
    record.targets.insert(part.targets.begin(), part.targets.end());
    if (settings_.cuts != 1) static_cast<void>(knowledge_.need(part.state, part.needs));
  }
  while (shorten_ways()) {
  }
}

// A state may turn out to be fewer cuts away than it was when it was found.
bool Exploration::shorten_ways() {
  bool shorter = false;
  for (StateNumber state = 0; state < records_.size(); ++state) {
    const unsigned depth = knowledge_.state(state).depth + 1;
    for (const auto& [target, version] : records_[state].targets) {
      if (knowledge_.state(target).depth <= depth) continue;
      knowledge_.reached(target, depth);
      shorter = true;
    }
  }
  return shorter;
}

ExploreEnd Exploration::run(const ExploreObserver& observer) {
  for (auto states = due(); !states.empty() && !exhausted_; states = due()) {
    const Tasks tasks = tasks_for(states);
    std::vector<Walked> results(tasks.size());
    work(tasks, observer, results);
    take(states, std::move(results));
  }
  records_.resize(knowledge_.states());
  // Two jobs may have executed the same one at once: what is told does not depend on it.
  if (settings_.prune) executions_ = knowledge_.behaviours();
  if (exhausted_) return ExploreEnd::budget;
  const bool all = [this] {
    return std::all_of(records_.begin(), records_.end(),
                       [](const Record& record) { return record.walked; });
  }();
  return all && settings_.cuts != 1 ? ExploreEnd::closed : ExploreEnd::covered;
}

const std::vector<Stretch>& Exploration::stretches(StateNumber state) const {
  static const std::vector<Stretch> kNone;
  return state < records_.size() ? records_[state].stretches : kNone;
}

std::uint64_t Exploration::cells_of(StateNumber state) const {
  const Behaviour& behaviour = knowledge_.behaviour_of(state);
  return models_.count(false) * (behaviour.trace.changes.size() - behaviour.erases) +
         models_.count(true) * behaviour.erases;
}

Progress Exploration::progress() const {
  Progress progress{.cells = 0,
                    .decided = 0,
                    .executions = executions_,
                    .states = knowledge_.states(),
                    .behaviours = knowledge_.behaviours()};
  for (StateNumber state = 0; state < progress.states; ++state) {
    if (!walks(state)) continue;
    progress.cells += cells_of(state);
    for (const Stretch& stretch : stretches(state)) {
      if (stretch.target != kUndecided) progress.decided += stretch.last - stretch.first + 1;
    }
  }
  return progress;
}

}  // namespace rig::explore
