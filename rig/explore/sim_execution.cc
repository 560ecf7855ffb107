#include "explore/sim_execution.h"

#include <array>

#include "base/rig_error.h"
#include "record/judge.h"
#include "scenario/plan.h"

namespace rig::explore {
namespace {

using record::EventKind;
using record::Lane;

// An operation that no update reaches: the cut that is planned for it is the one that cells
// replace.
constexpr std::uint64_t kNever = ~std::uint64_t{0};

// Whom a story is for does not see flash operations, does not listen in on the modem, and has no
// clock.
std::string story_of(const record::Timeline& timeline, std::size_t from) {
  std::string story;
  for (std::size_t i = from; i < timeline.size(); ++i) {
    const record::Event& event = timeline[i];
    if (event.lane == Lane::flash || event.lane == Lane::modem || event.lane == Lane::link) {
      continue;
    }
    story += std::string(name_of(event.kind)) + " " + event.text + "\n";
  }
  return story;
}

}  // namespace

// Sees every flash operation of a cycle, before its effect.
class SimExecutions::Recorder final : public simulator::FlashOpObserver {
 public:
  enum class Rests : std::uint8_t { none, wanted };
  Recorder(SimExecutions& of, const board::SimCycle& cycle, Rests rests)
      : of_(of), cycle_(cycle), rests_(rests) {}

  void at(const simulator::FlashOp& op, const simulator::World& world) override {
    if (over()) return;
    if (start.empty()) start.assign(world.flash().begin(), world.flash().end());
    const std::uint32_t offset = op.address - world.mcu().about().flash.range.start;
    const Change change =
        op.erase ? Change::erase(offset, op.bytes) : Change::program(offset, op.bytes, op.value);
    if (rests_ == Rests::wanted) note_rest(change, op, world);
    trace.changes.push_back(change);
  }

  Trace trace;
  base::Bytes start;  // before the first operation

 private:
  // Clean reboots are the follow-up: nothing is cut there.
  [[nodiscard]] bool over() {
    const record::Timeline& timeline = cycle_.timeline();
    for (; seen_ < timeline.size(); ++seen_) {
      over_ = over_ || timeline[seen_].kind == EventKind::clean_reboot;
      const record::Event& event = timeline[seen_];
      if (event.lane != Lane::flash && event.kind != EventKind::pin) ++told_;
    }
    return over_;
  }

  void note_rest(const Change& change, const simulator::FlashOp& op,
                 const simulator::World& world) {
    const auto index = static_cast<std::uint32_t>(trace.changes.size());
    const base::Instant back = back_after(op.end);
    const Known now{told_, world.mcu().console_begun(), backup_of(world), world.around().touches(),
                    back};
    const bool steady =
        world.mcu().console_steady(world.now()) &&
        (of_.rests_.alone() || (world.quiet_until(op.end) && back_after(op.start) == back));
    if (steady && known_ && now == *known_) return;
    const auto [rest, like_no_other] = rest_after(change, index, 0);
    const bool shared = steady && !like_no_other;
    if (trace.rests.empty() || trace.rests.back().rest != rest)
      trace.rests.push_back({index, rest});
    known_ = shared ? std::optional(now) : std::nullopt;
    for (std::uint32_t model = 1; !shared && model < of_.models_.count(change); ++model) {
      const RestNumber other = rest_after(change, index, model).rest;
      if (other != rest) trace.exceptions.push_back({index, model, other});
    }
  }

  [[nodiscard]] SimRests::Numbered rest_after(const Change& change, std::uint32_t index,
                                              std::size_t model) {
    board::SimCycle cut = cycle_;
    cut.replan(
        cut_at(of_.bench_.scenario(), index + 1, of_.models_.model(change, index + 1, model)));
    const simulator::World& world = cut.world();
    const SimRests::Cut landed{cut, cycle_.timeline().size(), world.mcu().quiet(world.now())};
    cut.fire_trigger();
    return of_.rests_.number_of(landed);
  }

  // When power returns from a cut at `at`, counted from power-on where nothing else counts.
  [[nodiscard]] base::Instant back_after(base::Instant at) const {
    if (of_.rests_.alone()) return {};
    return record::return_of_power(cut_at(of_.bench_.scenario(), 1, {}), at);
  }

  using Backup = std::array<std::uint32_t, simulator::BackupDomain::kRegisters>;

  [[nodiscard]] static Backup backup_of(const simulator::World& world) {
    Backup values{};
    for (unsigned i = 0; i < values.size(); ++i) values[i] = world.mcu().backup().read(i);
    return values;
  }

  struct Known {
    std::size_t told{};
    std::size_t begun{};
    Backup backup{};
    std::uint64_t touches{};  // of what is around the board
    base::Instant back{};     // when power returns
    bool operator==(const Known&) const = default;
  };

  SimExecutions& of_;
  const board::SimCycle& cycle_;
  const Rests rests_;
  std::size_t seen_{0};
  std::size_t told_{0};  // events that are neither flash operations nor pins
  bool over_{false};
  std::optional<Known> known_;  // what the last rest was made of
};

SimExecutions::SimExecutions(const board::SimBench& bench, Settings settings,
                             const CellModels& models)
    : bench_(bench), settings_(settings), models_(models), rests_(bench.scenario()) {
  if (settings.further_cuts && !rests_.alone()) {
    throw base::UsageError(bench.scenario().file.string() +
                           ": sequences of cuts are explored of a staged update only; this "
                           "scenario has a modem and a server");
  }
}

Trace SimExecutions::execute(board::SimCycle& cycle, simulator::Engine& engine,
                             Recorder& recorder) {
  const std::size_t before = cycle.timeline().size();
  simulator::FlashReads reads;
  cycle.record_reads(&reads);
  cycle.run(engine);
  cycle.record_reads(nullptr);
  cycle.observe(nullptr);
  Trace trace = std::move(recorder.trace);
  trace.reads = reads.words();
  if (trace.rests.empty()) trace.rests.push_back({0, 0});
  trace.ending.story = story_of(cycle.timeline(), before);
  return trace;
}

SimExecutions::Update SimExecutions::update() {
  simulator::Engine engine(simulator::Loads::seen);
  board::SimCycle cycle = bench_.cycle(cut_at(bench_.scenario(), kNever, {}), settings_.seed);
  Recorder recorder(*this, cycle, Recorder::Rests::wanted);
  cycle.observe_update(&recorder);
  Trace trace = execute(cycle, engine, recorder);
  return {std::move(trace), std::move(recorder.start)};
}

Trace SimExecutions::recover(const PowerOn& world, simulator::Engine& engine) {
  board::SimCycle cycle = rests_.cycle(world.rest);
  cycle.plant(world.flash, world.marks);
  Recorder recorder(*this, cycle,
                    settings_.further_cuts ? Recorder::Rests::wanted : Recorder::Rests::none);
  cycle.observe(&recorder);
  Trace trace = execute(cycle, engine, recorder);
  const record::Contract contract =
      scenario::contract_of(bench_.scenario(), cut_at(bench_.scenario(), 1, {}));
  const record::Judgement judgement = record::judge(contract, cycle.timeline());
  if (record::class_of(judgement.verdict) == record::VerdictClass::no_trial) {
    throw base::RigError(std::make_error_code(std::errc::state_not_recoverable),
                         "explore a recovery: it proves nothing, " + judgement.findings[0].text);
  }
  trace.ending.verdict = judgement.verdict;
  return trace;
}

Recover SimExecutions::recover_of(unsigned job) {
  const std::lock_guard lock(mutex_);
  simulator::Engine& engine = engines_.try_emplace(job, simulator::Loads::seen).first->second;
  return [this, &engine](const PowerOn& world) { return recover(world, engine); };
}

}  // namespace rig::explore
