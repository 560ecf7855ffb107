#include "explore/crew.h"

#include <atomic>
#include <thread>

#include "base/rig_error.h"
#include "explore/bounded_queue.h"
#include "explore/cpu_clock.h"
#include "explore/judged.h"
#include "explore/trunk.h"
#include "record/judge.h"
#include "simulator/engine.h"

namespace rig::explore {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kQueuedPerJob = 4;
constexpr auto kAskAgain = 100ms;

struct Job {
  PlannedCycle planned;
  board::SimCycle cycle;
  bool branched = false;  // paused in its flash operation; otherwise it has not begun
};

store::CycleOutcome rig_fault(const std::string& cause) {
  store::CycleOutcome outcome;
  outcome.judgement = {
      .verdict = record::Verdict::rig_fault,
      .phase = "none",
      .findings = {
          {.verdict = record::Verdict::rig_fault, .holds = true, .at = {}, .text = cause}}};
  return outcome;
}

// Events that the trunk has as well: those before the branch.
record::Timeline shared_part(const Job& job) {
  return job.branched ? job.cycle.timeline() : record::Timeline{};
}

FinishedCycle execute(const board::SimBench& bench, simulator::Engine& engine, Job job) {
  const CpuClock clock;
  const record::Timeline shared = shared_part(job);
  if (job.branched) {
    job.cycle.replan(job.planned.cut);
    job.cycle.fire_trigger();
  }
  job.cycle.run(engine);
  const record::Contract contract = scenario::contract_of(bench.scenario(), job.planned.cut);
  FinishedCycle finished{
      .index = job.planned.index,
      .outcome = outcome_of(job.cycle, record::judge(contract, job.cycle.timeline())),
      .timeline = store::pack(job.cycle.timeline(), shared)};
  finished.outcome.host = clock.elapsed();
  return finished;
}

// The threads of one sweep: one that executes the trunk, `jobs` that finish its branches.
class Crew {
 public:
  Crew(const board::SimBench& bench, const SweepSettings& settings, const SweepPlan& plan)
      : bench_(bench),
        settings_(settings),
        plan_(plan),
        jobs_(kQueuedPerJob * settings.jobs),
        results_(kQueuedPerJob * settings.jobs),
        working_(settings.jobs) {
    producer_ = std::jthread([this] { produce(); });
    for (unsigned i = 0; i < settings.jobs; ++i) {
      workers_.emplace_back([this] { work(); });
    }
  }
  ~Crew() { stop(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  [[nodiscard]] std::optional<FinishedCycle> next(bool& closed) {
    return results_.pop_within(kAskAgain, closed);
  }

  void stop() {
    jobs_.abandon();
    results_.abandon();
  }

  // Why the trunk could not be executed to its end; empty when it was. Valid once next() says
  // closed.
  [[nodiscard]] const std::string& failure() const { return failure_; }

 private:
  void produce() {
    try {
      if (branches()) {
        grow_trunk(bench_, settings_.seed, plan_.cycles,
                   [this](const PlannedCycle& planned, board::SimCycle cycle) {
                     return jobs_.push({planned, std::move(cycle), true});
                   });
      } else {
        for (const PlannedCycle& planned : plan_.cycles) {
          if (!jobs_.push({planned, bench_.cycle(planned.cut, settings_.seed), false})) break;
        }
      }
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
    jobs_.close();
  }

  [[nodiscard]] bool branches() const {
    return !plan_.cycles.empty() &&
           std::holds_alternative<record::FlashOpTrigger>(plan_.cycles.front().cut.trigger);
  }

  void work() {
    simulator::Engine engine;
    while (auto job = jobs_.pop()) {
      const std::uint64_t index = job->planned.index;
      FinishedCycle finished{.index = index, .outcome = {}, .timeline = {}};
      try {
        finished = execute(bench_, engine, std::move(*job));
      } catch (const std::exception& error) {
        finished.outcome = rig_fault(error.what());
        finished.timeline = store::pack({});
      }
      if (!results_.push(std::move(finished))) return;
    }
    if (working_.fetch_sub(1) == 1) results_.close();
  }

  const board::SimBench& bench_;
  const SweepSettings settings_;
  const SweepPlan& plan_;
  BoundedQueue<Job> jobs_;
  BoundedQueue<FinishedCycle> results_;
  std::atomic<unsigned> working_;
  std::string failure_;
  std::vector<std::jthread> workers_;
  std::jthread producer_;
};

SweepEnd collect(Crew& crew, const SweepObserver& observer) {
  for (bool closed = false; !closed;) {
    if (auto finished = crew.next(closed)) observer.finished(std::move(*finished));
    if (!closed && observer.stop()) {
      crew.stop();
      return SweepEnd::stopped;
    }
  }
  if (!crew.failure().empty()) {
    throw base::RigError(std::make_error_code(std::errc::state_not_recoverable),
                         "execute the update of the sweep: " + crew.failure());
  }
  return SweepEnd::complete;
}

}  // namespace

SweepEnd run_cycles(const board::SimBench& bench, const SweepSettings& settings,
                    const SweepPlan& plan, const SweepObserver& observer) {
  Crew crew(bench, settings, plan);
  return collect(crew, observer);
}

}  // namespace rig::explore
