#include "simulator/flash_op.h"

#include <algorithm>

#include "base/random.h"

namespace rig::simulator {
namespace {

using record::TornKind;

constexpr std::uint32_t kPermille = 1000;

// The value a byte would have had after the whole operation.
std::uint8_t finished(const FlashOp& op, std::span<const std::uint8_t> memory, std::size_t index) {
  if (op.erase) {
    return 0xFF;
  }
  return static_cast<std::uint8_t>(memory[index] & (op.value >> (8 * index)));
}

void finish(const FlashOp& op, std::span<std::uint8_t> memory, std::size_t bytes) {
  for (std::size_t i = 0; i < std::min(bytes, memory.size()); ++i) {
    memory[i] = finished(op, memory, i);
  }
}

std::size_t prefix_bytes(const FlashOp& op, std::uint32_t amount) {
  if (!op.erase) {
    return std::size_t{amount} * 2;
  }
  const auto bytes = std::uint64_t{op.bytes} * std::min(amount, kPermille) / kPermille;
  return static_cast<std::size_t>(bytes / 4 * 4);
}

std::uint64_t changing_bits(const FlashOp& op, std::span<const std::uint8_t> memory) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    count += static_cast<std::uint64_t>(
        __builtin_popcount(static_cast<unsigned>(memory[i] ^ finished(op, memory, i))));
  }
  return count;
}

// Visits every bit that has to change, in order; `flips(n)` decides for the n-th.
template <typename Decide>
void flip(const FlashOp& op, std::span<std::uint8_t> memory, Decide flips) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const auto changing = static_cast<std::uint8_t>(memory[i] ^ finished(op, memory, i));
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((changing >> bit & 1) != 0 && flips(number++)) {
        memory[i] = static_cast<std::uint8_t>(memory[i] ^ 1U << bit);
      }
    }
  }
}

// Each bit by itself: what becomes of it does not depend on what the others held, so that what a
// torn erase leaves in one word says nothing about another (explore/walker.cc counts on it).
void flip_by_place(const FlashOp& op, std::span<std::uint8_t> memory, base::Random& random) {
  std::uint64_t coins = 0;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    coins = i % 8 == 0 ? random.next() : coins >> 8;
    const auto changing = static_cast<std::uint8_t>(memory[i] ^ finished(op, memory, i));
    memory[i] = static_cast<std::uint8_t>(memory[i] ^ (changing & coins));
  }
}

void tear_bits(const FlashOp& op, record::TornModel torn, std::span<std::uint8_t> memory) {
  base::Random random(base::derived_seed(torn.amount, "torn"));
  if (torn.kind == TornKind::partial_bits) {
    flip_by_place(op, memory, random);
    return;
  }
  const auto chosen = random.below(changing_bits(op, memory));
  const bool only = torn.kind == TornKind::one_bit;
  flip(op, memory, [&](std::uint64_t number) { return (number == chosen) == only; });
}

}  // namespace

void tear(const FlashOp& op, record::TornModel torn, std::span<std::uint8_t> memory) {
  switch (torn.kind) {
    case TornKind::old_state:
    case TornKind::metastable:
    case TornKind::bad_ecc:
    case TornKind::neighbour:
      return;
    case TornKind::new_state:
    case TornKind::dropped:
      finish(op, memory, memory.size());
      return;
    case TornKind::prefix:
      finish(op, memory, prefix_bytes(op, torn.amount));
      return;
    case TornKind::partial_erase:
      finish(op, memory, op.erase ? prefix_bytes(op, torn.amount) : 0);
      return;
    case TornKind::partial_bits:
    case TornKind::one_bit:
    case TornKind::all_but_one_bit:
      tear_bits(op, torn, memory);
      return;
  }
}

base::Instant cut_instant(const FlashOp& op, record::TornModel torn) {
  const auto length = op.end - op.start;
  switch (torn.kind) {
    case TornKind::old_state:
      return op.start;
    case TornKind::new_state:
    case TornKind::dropped:
      return op.end;
    case TornKind::prefix:
    case TornKind::partial_erase: {
      const bool halves = !op.erase && torn.kind == TornKind::prefix;
      const std::uint32_t whole = halves ? 2 : kPermille;
      return op.start + length * std::min(torn.amount, whole) / whole;
    }
    case TornKind::partial_bits:
    case TornKind::one_bit:
    case TornKind::all_but_one_bit:
    case TornKind::metastable:
    case TornKind::bad_ecc:
    case TornKind::neighbour:
      return op.start + length / 2;
  }
  return op.start;
}

record::TornModel elapsed_model(const FlashOp& op, base::Instant now) {
  if (now <= op.start) {
    return {TornKind::old_state, 0};
  }
  if (now >= op.end) {
    return {TornKind::new_state, 0};
  }
  const std::int64_t whole = op.erase ? kPermille : 2;
  const auto amount = static_cast<std::uint32_t>((now - op.start) * whole / (op.end - op.start));
  return {op.erase ? TornKind::partial_erase : TornKind::prefix, amount};
}

}  // namespace rig::simulator
