// Visits the cells of one state: every operation of its recovery with every torn model, and says
// which state each leads to. Only flash bytes are moved; nothing is executed unless a cell's world
// is unknown. One per thread.
//
// Two neighbouring cells differ in the words of one operation. So the state that stands for one of
// them stands for the next as well, as long as no word changed that it needs: that takes one look
// at a bit.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "explore/knowledge.h"

namespace rig::explore {

inline constexpr StateNumber kUndecided = ~StateNumber{0};

// Consecutive operations whose cells of one model lead to one state.
struct Stretch {
  std::uint64_t first{};  // operations
  std::uint64_t last{};
  std::size_t model{};  // of CellModels
  bool erase{false};
  StateNumber target{kUndecided};
};

struct Walked {
  StateNumber state{};
  std::vector<Stretch> stretches;
  // States behind the cells, each with its version when it was looked at.
  std::map<StateNumber, std::uint32_t> targets;
  WordSet needs;  // what those states need and this one had not erased by then
};

class Walker {
 public:
  struct Rules {
    const CellModels& models;
    const simulator::FlashGeometry& flash;
    bool prune{true};   // false: executes the world of every cell
    bool pull_needs{};  // fill Walked::needs
  };
  // True: no further execution; cells that need one stay undecided.
  using Exhausted = std::function<bool()>;

  Walker(Knowledge& knowledge, Rules rules, Recover recover, Exhausted exhausted);

  struct Range {
    StateNumber state{};
    std::uint32_t from{};  // changes of the state's behaviour
    std::uint32_t until{};
  };
  [[nodiscard]] Walked walk(const Range& range);

 private:
  void step(std::uint32_t at);
  void seek(std::uint32_t at);
  void use_rest(std::uint32_t at, std::size_t model);
  void apply(const Change& change);
  void need_all_of(const Change& change);
  [[nodiscard]] bool disturbs(const Change& change) const;
  [[nodiscard]] StateNumber untouched(const Cell& cell);
  [[nodiscard]] StateNumber executed(const Change& change, const Cell& cell);
  [[nodiscard]] StateNumber target_of(const Change& change, const Cell& cell);
  [[nodiscard]] StateNumber torn_target(const Change& change, const Cell& cell);
  [[nodiscard]] StateNumber settle(const Cell& cell);
  // Makes flash_ and marks_ what the cell leaves; restore() takes that back.
  void leave(const Change& change, const Cell& cell);
  void restore();
  void save(std::uint32_t offset, std::uint32_t bytes);
  [[nodiscard]] bool differs() const;
  [[nodiscard]] bool needed_word_differs() const;
  void note(std::size_t model, const Cell& cell, bool erase, StateNumber target);
  void finish_stretches();

  Knowledge& knowledge_;
  const Rules rules_;
  const Recover recover_;
  const Exhausted exhausted_;

  base::Bytes flash_;  // as the changes so far left it
  struct Saved {
    std::uint32_t offset{};
    base::Bytes bytes;
  };
  std::array<Saved, 3> saved_;  // flash_ before leave(), as far as that may change it
  std::size_t saves_{};
  Saved overwritten_;  // what the last change took the place of, if a model asks for it
  simulator::FlashMarkList marks_;
  WordSet erased_;
  const Trace* trace_{};
  std::size_t span_{};       // of trace_->rests
  std::size_t exception_{};  // of trace_->exceptions, the first that is not behind
  RestNumber rest_{};
  unsigned depth_{};                 // of the worlds behind the cells
  std::optional<StateNumber> here_;  // stands for flash_ and rest_
  const WordSet* here_needs_{};
  std::vector<std::optional<Stretch>> open_;
  Walked walked_;
};

}  // namespace rig::explore
