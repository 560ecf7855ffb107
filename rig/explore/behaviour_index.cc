#include "explore/behaviour_index.h"

#include <cstring>

#include "base/rig_error.h"

namespace rig::explore {
namespace {

std::uint32_t word_of(base::ByteView flash, std::uint32_t word) {
  return base::read_le32(flash, std::size_t{word} * 4);
}

[[noreturn]] void contradicts() {
  throw base::RigError(std::make_error_code(std::errc::state_not_recoverable),
                       "compare recoveries: two that had read the same went different ways, so "
                       "the simulated board is not deterministic; use --no-prune and report this");
}

}  // namespace

void BehaviourIndex::Node::append(std::uint32_t word, std::uint32_t value) {
  if (runs.empty() || runs.back().first + runs.back().count != word) {
    runs.push_back({word, 0});
  }
  ++runs.back().count;
  values.push_back(value);
}

bool BehaviourIndex::Node::holds(base::ByteView flash) const {
  const std::uint32_t* expected = values.data();
  for (const Run& run : runs) {
    if (std::memcmp(flash.data() + std::size_t{run.first} * 4, expected,
                    std::size_t{run.count} * 4) != 0) {
      return false;
    }
    expected += run.count;
  }
  return true;
}

BehaviourIndex::NodeNumber BehaviourIndex::Node::branch(std::uint32_t value) const {
  for (const auto& [found, node] : branches) {
    if (found == value) return node;
  }
  return kNone;
}

std::optional<BehaviourNumber> BehaviourIndex::find(RestNumber rest, base::ByteView flash) const {
  NodeNumber at = rest < roots_.size() ? roots_[rest] : kNone;
  while (at != kNone && nodes_[at].holds(flash)) {
    const Node& node = nodes_[at];
    if (node.end) return node.end;
    at = node.branch(word_of(flash, node.branch_word));
  }
  return std::nullopt;
}

BehaviourIndex::NodeNumber BehaviourIndex::new_leaf(const Known& execution, std::size_t from,
                                                    BehaviourNumber number) {
  Node leaf;
  leaf.values.reserve(execution.words.size() - from);
  for (std::size_t i = from; i < execution.words.size(); ++i) {
    leaf.append(execution.words[i], word_of(execution.flash, execution.words[i]));
  }
  leaf.runs.shrink_to_fit();
  leaf.end = number;
  nodes_.push_back(std::move(leaf));
  return static_cast<NodeNumber>(nodes_.size() - 1);
}

void BehaviourIndex::split(NodeNumber number, std::size_t keep) {
  Node above;
  Node below;
  std::size_t at = 0;
  for (const Run& run : nodes_[number].runs) {
    for (std::uint32_t i = 0; i < run.count; ++i, ++at) {
      const std::uint32_t value = nodes_[number].values[at];
      if (at < keep) {
        above.append(run.first + i, value);
      } else if (at == keep) {
        above.branch_word = run.first + i;
        above.branches.emplace_back(value, static_cast<NodeNumber>(nodes_.size()));
      } else {
        below.append(run.first + i, value);
      }
    }
  }
  below.end = nodes_[number].end;
  below.branch_word = nodes_[number].branch_word;
  below.branches = std::move(nodes_[number].branches);
  nodes_[number] = std::move(above);
  nodes_.push_back(std::move(below));
}

BehaviourNumber BehaviourIndex::grow(NodeNumber& root, const Known& execution,
                                     BehaviourNumber next) {
  const auto& words = execution.words;
  NodeNumber at = root;
  std::size_t position = 0;
  while (true) {
    std::size_t within = 0;
    for (const Run& run : nodes_[at].runs) {
      for (std::uint32_t i = 0; i < run.count; ++i, ++within, ++position) {
        if (position == words.size() || words[position] != run.first + i) contradicts();
        if (word_of(execution.flash, words[position]) == nodes_[at].values[within]) continue;
        split(at, within);
        const NodeNumber leaf = new_leaf(execution, position + 1, next);
        nodes_[at].branches.emplace_back(word_of(execution.flash, words[position]), leaf);
        return next;
      }
    }
    if (nodes_[at].end) {
      if (position != words.size()) contradicts();
      return *nodes_[at].end;
    }
    if (position == words.size() || words[position] != nodes_[at].branch_word) contradicts();
    const std::uint32_t value = word_of(execution.flash, words[position++]);
    const NodeNumber below = nodes_[at].branch(value);
    if (below == kNone) {
      const NodeNumber leaf = new_leaf(execution, position, next);
      nodes_[at].branches.emplace_back(value, leaf);
      return next;
    }
    at = below;
  }
}

BehaviourNumber BehaviourIndex::add(const Known& execution, BehaviourNumber next) {
  if (execution.rest >= roots_.size()) roots_.resize(execution.rest + 1, kNone);
  if (roots_[execution.rest] == kNone) {
    roots_[execution.rest] = new_leaf(execution, 0, next);
    return next;
  }
  return grow(roots_[execution.rest], execution, next);
}

std::size_t BehaviourIndex::footprint() const {
  std::size_t bytes = nodes_.size() * sizeof(Node);
  for (const Node& node : nodes_) {
    bytes += node.runs.capacity() * sizeof(Run) + node.values.capacity() * 4 +
             node.branches.capacity() * sizeof node.branches[0];
  }
  return bytes;
}

}  // namespace rig::explore
