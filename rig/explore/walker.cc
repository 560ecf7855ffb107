#include "explore/walker.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.h"

namespace rig::explore {

using record::TornKind;

namespace {

// Worlds may differ in bits of a word; it counts as a whole.
std::uint32_t first_word(const Change& change) { return change.offset() / 4; }
std::uint32_t word_count(const Change& change) {
  return (change.offset() + change.bytes() - 1) / 4 - first_word(change) + 1;
}

// Which bit is torn depends on all words of the operation at once.
bool couples_words(const Change& change, const Cell& cell) {
  return change.is_erase() &&
         (cell.torn.kind == TornKind::one_bit || cell.torn.kind == TornKind::all_but_one_bit);
}

}  // namespace

Walker::Walker(Knowledge& knowledge, Rules rules, Recover recover, Exhausted exhausted)
    : knowledge_(knowledge),
      rules_(rules),
      recover_(std::move(recover)),
      exhausted_(std::move(exhausted)),
      flash_(knowledge.flash_size()) {}

Walked Walker::walk(const Range& range) {
  trace_ = &knowledge_.behaviour_of(range.state).trace;
  RIG_ASSERT(range.until <= trace_->changes.size() && !trace_->rests.empty());
  knowledge_.copy_flash(range.state, flash_);
  erased_ = {};
  walked_ = {};
  walked_.state = range.state;
  depth_ = knowledge_.state(range.state).depth + 1;
  here_.reset();
  open_.clear();
  for (std::uint32_t i = 0; i < range.from; ++i) apply(trace_->changes[i]);
  span_ = exception_ = 0;
  rest_ = trace_->rests.front().rest;
  for (std::uint32_t i = range.from; i < range.until; ++i) step(i);
  finish_stretches();
  return std::move(walked_);
}

void Walker::step(std::uint32_t at) {
  seek(at);
  const Change& change = trace_->changes[at];
  const std::uint64_t operation = std::uint64_t{at} + 1;
  for (std::size_t model = 0; model < rules_.models.count(change); ++model) {
    const Cell cell{operation, rules_.models.model(change, operation, model)};
    use_rest(at, model);
    note(model, cell, change.is_erase(), target_of(change, cell));
    if (rules_.pull_needs && couples_words(change, cell)) need_all_of(change);
  }
  if (here_ && disturbs(change)) here_.reset();
  apply(change);
}

void Walker::seek(std::uint32_t at) {
  while (span_ + 1 < trace_->rests.size() && trace_->rests[span_ + 1].first <= at) ++span_;
  const auto& exceptions = trace_->exceptions;
  while (exception_ < exceptions.size() && exceptions[exception_].change < at) ++exception_;
}

void Walker::use_rest(std::uint32_t at, std::size_t model) {
  RestNumber rest = trace_->rests[span_].rest;
  const auto& exceptions = trace_->exceptions;
  for (std::size_t i = exception_; i < exceptions.size() && exceptions[i].change == at; ++i) {
    if (exceptions[i].model == model) rest = exceptions[i].rest;
  }
  if (rest != rest_) {
    rest_ = rest;
    here_.reset();
  }
}

void Walker::need_all_of(const Change& change) {
  WordSet words;
  words.insert_range(first_word(change), word_count(change));
  walked_.needs.insert_outside(words, erased_);
}

void Walker::apply(const Change& change) {
  std::uint8_t* bytes = flash_.data() + change.offset();
  if (change.is_erase()) {
    std::memset(bytes, 0xFF, change.bytes());
    erased_.insert_range(first_word(change), word_count(change));
    return;
  }
  for (std::uint32_t i = 0; i < change.bytes(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(bytes[i] & change.value() >> (8 * i));
  }
}

// Whether the finished operation changes a word that the state needs.
bool Walker::disturbs(const Change& change) const {
  if (!change.is_erase()) return here_needs_->has(first_word(change));
  return here_needs_->any_in(first_word(change), word_count(change), [&](std::uint32_t word) {
    return base::read_le32(flash_, std::size_t{word} * 4) != 0xFFFFFFFF;
  });
}

StateNumber Walker::settle(const Cell& cell) {
  const Knowledge::World world{
      .rest = rest_, .flash = flash_, .origin = {walked_.state, cell}, .depth = depth_};
  if (const auto known = knowledge_.find(world)) return *known;
  return exhausted_() ? kUndecided : knowledge_.settle(world, recover_);
}

StateNumber Walker::untouched(const Cell& cell) {
  if (!here_) {
    const StateNumber found = settle(cell);
    if (found == kUndecided) return found;
    here_ = found;
    here_needs_ = &knowledge_.needs(found);
  }
  return *here_;
}

StateNumber Walker::target_of(const Change& change, const Cell& cell) {
  if (!rules_.prune) return executed(change, cell);
  return cell.torn.kind == TornKind::old_state ? untouched(cell) : torn_target(change, cell);
}

StateNumber Walker::executed(const Change& change, const Cell& cell) {
  if (exhausted_()) return kUndecided;
  const std::span<std::uint8_t> bytes(flash_.data() + change.offset(), change.bytes());
  before_.assign(bytes.begin(), bytes.end());
  simulator::tear(operation_of(change), cell.torn, bytes);
  const StateNumber target = knowledge_.execute(
      {.rest = rest_, .flash = flash_, .origin = {walked_.state, cell}, .depth = depth_}, recover_);
  std::copy(before_.begin(), before_.end(), bytes.begin());
  return target;
}

// `before_` holds the bytes of the operation before it was torn, flash_ those after.
bool Walker::needed_word_differs(const Change& change) const {
  if (!change.is_erase()) return here_needs_->has(first_word(change));
  const std::uint32_t first = first_word(change);
  return here_needs_->any_in(first, word_count(change), [&](std::uint32_t word) {
    const std::size_t at = std::size_t{word - first} * 4;
    return std::memcmp(before_.data() + at, flash_.data() + change.offset() + at, 4) != 0;
  });
}

StateNumber Walker::torn_target(const Change& change, const Cell& cell) {
  const std::span<std::uint8_t> bytes(flash_.data() + change.offset(), change.bytes());
  const StateNumber old = untouched(cell);
  before_.assign(bytes.begin(), bytes.end());
  simulator::tear(operation_of(change), cell.torn, bytes);
  StateNumber target = old;
  const bool same = std::equal(bytes.begin(), bytes.end(), before_.begin());
  if (!same && (old == kUndecided || needed_word_differs(change))) target = settle(cell);
  std::copy(before_.begin(), before_.end(), bytes.begin());
  return target;
}

void Walker::note(std::size_t model, const Cell& cell, bool erase, StateNumber target) {
  if (open_.size() <= model) open_.resize(model + 1);
  std::optional<Stretch>& open = open_[model];
  if (open && open->target == target && open->erase == erase && open->last + 1 == cell.operation) {
    open->last = cell.operation;
    return;
  }
  if (open) walked_.stretches.push_back(*open);
  open = Stretch{cell.operation, cell.operation, model, erase, target};
  if (target == kUndecided) return;
  const bool fresh = walked_.targets.emplace(target, knowledge_.state(target).version).second;
  if (fresh && rules_.pull_needs) {
    walked_.needs.insert_outside(knowledge_.needs(target), erased_);
  }
}

void Walker::finish_stretches() {
  for (std::optional<Stretch>& open : open_) {
    if (open) walked_.stretches.push_back(*std::exchange(open, std::nullopt));
  }
}

}  // namespace rig::explore
