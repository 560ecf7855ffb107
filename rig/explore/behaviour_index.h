// Finds the recovery that a world will go through without executing it.
//
// The argument. An execution is deterministic: what it does next follows from the rest it started
// from and from what it has read so far. So take two worlds of equal rest, and the words w1, w2, ..
// that the execution of the first one looks at, in this order, before it erases them
// (simulator/flash_reads.h). The second world's execution begins equally; its first look at flash
// is at w1 too, and if w1 holds the same there, it goes on equally to w2, and so on. If all of them
// agree, the whole execution is the same, instruction by instruction: same changes of flash, same
// output, same end. Words outside the set may differ as they like: they were never looked at, or
// only after both executions had erased them.
//
// It follows that the executions known for one rest form a tree: the words up to the first
// difference are the same words, and the value of the next one decides the branch. find() walks
// down that tree, so its cost does not depend on how many executions are known. An execution that
// looks at another word than its predecessor did after reading the same would break the argument;
// add() checks that of every one, and throws.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "explore/trace.h"

namespace rig::explore {

using BehaviourNumber = std::uint32_t;

class BehaviourIndex {
 public:
  // The execution that a world with this rest and flash goes through, if it is known.
  [[nodiscard]] std::optional<BehaviourNumber> find(RestNumber rest, base::ByteView flash) const;

  struct Known {
    RestNumber rest{};
    base::ByteView flash;                     // at its start
    const std::vector<std::uint32_t>& words;  // Trace::reads
  };
  // The number of this execution: `next`, or the one under which it is known already. Throws
  // base::RigError when the execution contradicts one that is known: it is not deterministic.
  BehaviourNumber add(const Known& execution, BehaviourNumber next);

  [[nodiscard]] std::size_t nodes() const { return nodes_.size(); }
  // Bytes of memory.
  [[nodiscard]] std::size_t footprint() const;

 private:
  using NodeNumber = std::uint32_t;
  static constexpr NodeNumber kNone = ~NodeNumber{0};

  struct Run {
    std::uint32_t first{};
    std::uint32_t count{};
  };
  // Words that every execution below reads, with what it finds there; then either the end, or a
  // word on whose value they differ.
  struct Node {
    std::vector<Run> runs;
    std::vector<std::uint32_t> values;  // of all runs, one after the other
    std::optional<BehaviourNumber> end;
    std::uint32_t branch_word{};
    std::vector<std::pair<std::uint32_t, NodeNumber>> branches;

    void append(std::uint32_t word, std::uint32_t value);
    [[nodiscard]] bool holds(base::ByteView flash) const;
    [[nodiscard]] NodeNumber branch(std::uint32_t value) const;
  };

  [[nodiscard]] NodeNumber new_leaf(const Known& execution, std::size_t from,
                                    BehaviourNumber number);
  [[nodiscard]] BehaviourNumber grow(NodeNumber& root, const Known& execution,
                                     BehaviourNumber next);
  // Cuts the node behind its first `keep` words; the rest becomes its one branch.
  void split(NodeNumber node, std::size_t keep);

  std::vector<NodeNumber> roots_;  // by rest
  std::vector<Node> nodes_;
};

}  // namespace rig::explore
