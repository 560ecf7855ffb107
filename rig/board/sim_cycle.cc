#include "board/sim_cycle.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "board/link_figures.h"
#include "simulator/engine.h"

namespace rig::board {
namespace {

// A runner that waits for nothing but events still lets the clock be looked at now and then.
constexpr auto kLongestStep = std::chrono::hours(1);

}  // namespace

SimCycle::SimCycle(simulator::World world, scenario::Runner runner)
    : world_(std::move(world)), runner_(std::move(runner)) {}

void SimCycle::run(simulator::Engine& engine) {
  while (!runner_.finished()) step(engine);
}

void SimCycle::begin() {
  if (begun_) return;
  begun_ = true;
  carry_out(runner_.begin(world_.now()));
  deliver_events();
}

void SimCycle::step(simulator::Engine& engine) {
  begin();
  if (runner_.finished()) return;
  const base::Instant wake = runner_.wake_time().value_or(world_.now() + kLongestStep);
  const simulator::Pause pause = world_.run(engine, std::max(wake, world_.now()));
  deliver_events();
  if (pause == simulator::Pause::trigger) fire_trigger();
  const auto due = runner_.wake_time();
  if (due && *due <= world_.now()) {
    carry_out(runner_.expire(world_.now()));
    deliver_events();
  }
  if (runner_.finished()) note_link();
}

// A link that nothing passed has nothing to say.
void SimCycle::note_link() {
  const link::ShapedLink& link = world_.link();
  const auto offered = [&link](base::Direction way) {
    return link.meter().way(way).offered_packets;
  };
  if (offered(base::Direction::up) + offered(base::Direction::down) == 0) return;
  const TcpSide tcp = models_tcp_ ? TcpSide::model : TcpSide::none_or_real;
  const shaping::Stats stats{.engine = "virtual",
                             .profile = link.profile().name,
                             .running = world_.now() - base::kCycleStart,
                             .meter = link.meter()};
  for (record::Event& each : figures_of(stats, world_.now(), tcp)) {
    timeline_.push_back(std::move(each));
  }
}

void SimCycle::fire_trigger() {
  deliver_events();
  carry_out(runner_.trigger_fired(world_.now()));
  if (!landed_.landed) world_.disarm();  // the cut comes later, the trigger not again
  deliver_events();
}

void SimCycle::replan(const record::CutPlan& cut) { runner_.replan(cut); }

void SimCycle::name_place(record::Event& event) const {
  if (event.kind != record::EventKind::fault) return;
  for (const image::ElfSymbols& each : code_) {
    const std::string name = each.function_around(event.address);
    if (name.empty()) continue;
    event.text += " (in " + name + ")";
    return;
  }
}

// The runner may act on an event and so cause further ones; they queue up behind.
void SimCycle::deliver_events() {
  for (auto events = world_.take_events(); !events.empty(); events = world_.take_events()) {
    for (record::Event& event : events) {
      name_place(event);
      timeline_.push_back(event);
      carry_out(runner_.step(event));
    }
  }
}

void SimCycle::carry_out(const std::vector<scenario::Action>& actions) {
  for (const scenario::Action& action : actions) {
    std::visit([this](const auto& each) { carry_out(each); }, action);
  }
}

void SimCycle::carry_out(const scenario::PowerOn& action) { world_.set_power(action.which, true); }

void SimCycle::carry_out(const scenario::PowerOff& action) {
  world_.set_power(action.which, false);
}

void SimCycle::carry_out(const scenario::Offer& action) {
  world_.set_target(action.target);
  if (counting_) return;
  counting_ = true;
  world_.count_from_here();
  world_.observe(observer_);
}

void SimCycle::carry_out(const scenario::ArmFlashOp& action) {
  if (action.from_here) world_.count_from_here();
  world_.arm_flash_op(action.op, action.moment);
}

void SimCycle::carry_out(const scenario::ArmBytes& action) {
  world_.arm_bytes(action.direction, action.bytes);
}

// Data is never watched here (scenario/board_rules.h).
void SimCycle::carry_out(const scenario::ArmCode& action) {
  const auto* symbol = std::get_if<record::SymbolTrigger>(&action.trigger);
  RIG_ASSERT(symbol != nullptr && code_address_ != 0);
  world_.arm_code(code_address_, symbol->hit);
}

void SimCycle::carry_out(const scenario::Disarm&) { world_.disarm(); }

void SimCycle::carry_out(const scenario::EnterPhase& action) { world_.set_phase(action.phase); }

void SimCycle::carry_out(const scenario::CutNow& action) {
  if (const auto operation = world_.op_in_flight()) landed_.operation = *operation;
  world_.cut(action.domains, action.torn);
  landed_.at = world_.now();
  landed_.landed = true;
}

// Only the board knows which flash operation was in flight.
void SimCycle::carry_out(const scenario::Record& action) {
  timeline_.push_back(action.event);
  record::Event& event = timeline_.back();
  const simulator::FlashOp& operation = landed_.operation;
  if (event.kind != record::EventKind::cut_landed || operation.index == 0) return;
  event.value = operation.index;
  event.address = operation.address;
  event.text +=
      fmt::format(" op={}@0x{:08x}", operation.erase ? "erase" : "program", operation.address);
}

}  // namespace rig::board
