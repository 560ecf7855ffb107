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
  overwritten_ = {};
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
  if (rules_.flash.buffered) overwritten_ = {change.offset(), {bytes, bytes + change.bytes()}};
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
  const Knowledge::World world{.start = {.rest = rest_, .flash = flash_, .marks = marks_},
                               .origin = {walked_.state, cell},
                               .depth = depth_};
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
  leave(change, cell);
  const StateNumber target =
      knowledge_.execute({.start = {.rest = rest_, .flash = flash_, .marks = marks_},
                          .origin = {walked_.state, cell},
                          .depth = depth_},
                         recover_);
  restore();
  return target;
}

void Walker::save(std::uint32_t offset, std::uint32_t bytes) {
  RIG_ASSERT(saves_ < saved_.size());
  Saved& saved = saved_[saves_++];
  saved.offset = offset;
  saved.bytes.assign(flash_.begin() + offset, flash_.begin() + offset + bytes);
}

void Walker::leave(const Change& change, const Cell& cell) {
  const simulator::FlashOp operation = operation_of(change, rules_.flash.range.start);
  save(change.offset(), change.bytes());
  if (simulator::reaches_beyond(cell.torn.kind)) {
    marks_ = simulator::marks_left(operation, cell.torn, rules_.flash, flash_);
    if (const auto beside = simulator::disturbed_byte(operation, cell.torn, rules_.flash, flash_)) {
      save(beside->offset, 1);
      flash_[beside->offset] = beside->value;
    }
    if (cell.torn.kind == TornKind::dropped && !overwritten_.bytes.empty()) {
      save(overwritten_.offset, static_cast<std::uint32_t>(overwritten_.bytes.size()));
      std::copy(overwritten_.bytes.begin(), overwritten_.bytes.end(),
                flash_.begin() + overwritten_.offset);
    }
  }
  simulator::tear(operation, cell.torn, std::span(flash_).subspan(change.offset(), change.bytes()));
}

void Walker::restore() {
  while (saves_ > 0) {
    const Saved& saved = saved_[--saves_];
    std::copy(saved.bytes.begin(), saved.bytes.end(), flash_.begin() + saved.offset);
  }
  marks_.clear();
}

bool Walker::differs() const {
  const auto changed = [this](const Saved& saved) {
    return !std::equal(saved.bytes.begin(), saved.bytes.end(), flash_.begin() + saved.offset);
  };
  return !marks_.empty() || std::any_of(saved_.begin(), saved_.begin() + saves_, changed);
}

// Whether a word that the state needs was changed, or marked, by leave().
bool Walker::needed_word_differs() const {
  for (std::size_t i = 0; i < saves_; ++i) {
    const Saved& saved = saved_[i];
    const auto end = static_cast<std::uint32_t>(saved.offset + saved.bytes.size());
    const std::uint32_t first = saved.offset / 4;
    const auto changed = [&](std::uint32_t word) {
      const std::uint32_t from = std::max(saved.offset, word * 4);
      const std::uint32_t until = std::min(end, word * 4 + 4);
      return std::memcmp(saved.bytes.data() + (from - saved.offset), flash_.data() + from,
                         until - from) != 0;
    };
    if (here_needs_->any_in(first, (end - 1) / 4 - first + 1, changed)) return true;
  }
  return std::any_of(marks_.begin(), marks_.end(), [this](const simulator::FlashMark& mark) {
    return here_needs_->has(mark.word);
  });
}

StateNumber Walker::torn_target(const Change& change, const Cell& cell) {
  const StateNumber old = untouched(cell);
  leave(change, cell);
  const bool settles = differs() && (old == kUndecided || needed_word_differs());
  const StateNumber target = settles ? settle(cell) : old;
  restore();
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
