#include "explore/knowledge.h"

#include <algorithm>
#include <mutex>

#include "base/assert.h"

namespace rig::explore {
namespace {

void count_erases(Behaviour& behaviour) {
  const auto& changes = behaviour.trace.changes;
  behaviour.erases = static_cast<std::uint64_t>(std::count_if(
      changes.begin(), changes.end(), [](const Change& change) { return change.is_erase(); }));
}

using Marks = std::span<const simulator::FlashMark>;

bool looks_at(Marks marks, const WordSet& words) {
  return std::any_of(marks.begin(), marks.end(),
                     [&words](const simulator::FlashMark& mark) { return words.has(mark.word); });
}

bool looks_at(Marks marks, const std::vector<std::uint32_t>& words) {
  if (marks.empty()) return false;
  WordSet set;
  set.insert(words);
  return looks_at(marks, set);
}

}  // namespace

std::optional<BehaviourNumber> Knowledge::known(const PowerOn& start) const {
  const auto number = index_.find(start.rest, start.flash);
  if (number && !looks_at(start.marks, behaviours_[*number].reads)) return number;
  if (start.marks.empty()) return std::nullopt;
  const auto rest = marked_rests_.find(
      {start.rest, simulator::FlashMarkList(start.marks.begin(), start.marks.end())});
  return rest == marked_rests_.end() ? std::nullopt : marked_index_.find(rest->second, start.flash);
}

RestNumber Knowledge::marked_rest(const PowerOn& start) {
  const auto next = static_cast<RestNumber>(marked_rests_.size());
  simulator::FlashMarkList marks(start.marks.begin(), start.marks.end());
  return marked_rests_.try_emplace({start.rest, std::move(marks)}, next).first->second;
}

std::optional<StateNumber> Knowledge::match(BehaviourNumber number, base::ByteView flash) const {
  for (const StateNumber candidate : behaviours_[number].states) {
    const auto& extra = states_[candidate].extra;
    const bool agrees = std::all_of(extra.begin(), extra.end(), [flash](const auto& word) {
      return base::read_le32(flash, std::size_t{word.first} * 4) == word.second;
    });
    if (agrees) return candidate;
  }
  return std::nullopt;
}

StateNumber Knowledge::new_state(BehaviourNumber number, const World& world) {
  const auto state = static_cast<StateNumber>(states_.size());
  states_.push_back({.behaviour = number,
                     .flash = pool_.keep(world.start.flash),
                     .depth = world.depth,
                     .origin = world.origin,
                     .version = 0,
                     .needs = nullptr,
                     .extra = {}});
  behaviours_[number].states.push_back(state);
  return state;
}

BehaviourNumber Knowledge::learn(const World& world, Trace trace) {
  const auto next = static_cast<BehaviourNumber>(behaviours_.size());
  const bool marked = looks_at(world.start.marks, trace.reads);
  const RestNumber rest = marked ? marked_rest(world.start) : world.start.rest;
  BehaviourIndex& index = marked ? marked_index_ : index_;
  const BehaviourNumber number = index.add({rest, world.start.flash, trace.reads}, next);
  if (number == next) {
    Behaviour& behaviour = behaviours_.emplace_back();
    behaviour.reads.insert(trace.reads);
    behaviour.rest = world.start.rest;
    trace.reads = {};
    trace.changes.shrink_to_fit();
    behaviour.trace = std::move(trace);
    count_erases(behaviour);
  }
  return number;
}

std::optional<StateNumber> Knowledge::find(const World& world) const {
  const std::shared_lock lock(mutex_);
  const auto number = known(world.start);
  return number ? match(*number, world.start.flash) : std::nullopt;
}

StateNumber Knowledge::settle(const World& world, const Recover& recover) {
  if (const auto found = find(world)) return *found;
  std::optional<BehaviourNumber> number;
  {
    const std::shared_lock lock(mutex_);
    number = known(world.start);
  }
  std::optional<Trace> trace;
  if (!number) trace = recover(world.start);
  const std::unique_lock lock(mutex_);
  if (trace) number = learn(world, std::move(*trace));
  if (const auto found = match(*number, world.start.flash)) return *found;
  return new_state(*number, world);
}

StateNumber Knowledge::execute(const World& world, const Recover& recover) {
  const Trace trace = recover(world.start);
  const std::unique_lock lock(mutex_);
  const auto [ending, fresh] =
      endings_.try_emplace({trace.ending.verdict, trace.ending.story}, StateNumber{});
  if (fresh) {
    const auto number = static_cast<BehaviourNumber>(behaviours_.size());
    behaviours_.emplace_back().trace.ending = trace.ending;
    ending->second = new_state(number, world);
  }
  return ending->second;
}

void Knowledge::begin(Trace trace, base::ByteView flash) {
  RIG_ASSERT(states_.empty());
  Behaviour& update = behaviours_.emplace_back();
  update.reads.insert(trace.reads);
  trace.reads = {};
  update.trace = std::move(trace);
  count_erases(update);
  static_cast<void>(new_state(0, {.start = {.rest = 0, .flash = flash}, .origin = {}, .depth = 0}));
}

const State& Knowledge::state(StateNumber number) const {
  const std::shared_lock lock(mutex_);
  return states_[number];
}

const Behaviour& Knowledge::behaviour(BehaviourNumber number) const {
  const std::shared_lock lock(mutex_);
  return behaviours_[number];
}

const Behaviour& Knowledge::behaviour_of(StateNumber number) const {
  const std::shared_lock lock(mutex_);
  return behaviours_[states_[number].behaviour];
}

const WordSet& Knowledge::needs(StateNumber number) const {
  const std::shared_lock lock(mutex_);
  const State& state = states_[number];
  return state.needs ? *state.needs : behaviours_[state.behaviour].reads;
}

std::size_t Knowledge::flash_size() const {
  const std::shared_lock lock(mutex_);
  return states_[kStart].flash.size() * PagePool::kPage;
}

void Knowledge::copy_flash(StateNumber number, std::span<std::uint8_t> flash) const {
  const std::shared_lock lock(mutex_);
  pool_.copy_to(states_[number].flash, flash);
}

bool Knowledge::need(StateNumber number, const WordSet& more) {
  State& state = states_[number];
  const WordSet& reads = behaviours_[state.behaviour].reads;
  auto grown = std::make_unique<WordSet>(state.needs ? *state.needs : reads);
  if (!grown->insert_outside(more, WordSet{})) return false;
  state.needs = std::move(grown);
  state.extra.clear();
  for (const std::uint32_t word : state.needs->words()) {
    if (!reads.has(word)) state.extra.emplace_back(word, pool_.word(state.flash, word));
  }
  ++state.version;
  return true;
}

void Knowledge::reached(StateNumber number, unsigned depth) {
  states_[number].depth = std::min(states_[number].depth, depth);
}

std::size_t Knowledge::states() const {
  const std::shared_lock lock(mutex_);
  return states_.size();
}

std::size_t Knowledge::behaviours() const {
  const std::shared_lock lock(mutex_);
  return behaviours_.size();
}

std::size_t Knowledge::footprint() const {
  const std::shared_lock lock(mutex_);
  std::size_t bytes = index_.footprint() + marked_index_.footprint() + pool_.footprint();
  for (const Behaviour& behaviour : behaviours_) {
    bytes += sizeof behaviour + behaviour.trace.changes.capacity() * sizeof(Change) +
             behaviour.reads.footprint();
  }
  for (const State& state : states_) {
    bytes += sizeof state + state.flash.capacity() * sizeof state.flash[0] +
             (state.needs ? state.needs->footprint() : 0) +
             state.extra.capacity() * sizeof state.extra[0];
  }
  return bytes;
}

}  // namespace rig::explore
