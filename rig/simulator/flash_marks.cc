#include "simulator/flash_marks.h"

#include <algorithm>

#include "base/random.h"

namespace rig::simulator {
namespace {

using record::TornKind;

bool before_word(const FlashMark& mark, std::uint32_t word) { return mark.word < word; }

// A word by itself, or the words that share an ECC with it.
struct Words {
  std::uint32_t first{};
  std::uint32_t count{};
};
Words words_in_work(const FlashOp& op, std::uint32_t unit, const FlashGeometry& geometry) {
  const std::uint32_t offset = op.address - geometry.range.start;
  const std::uint32_t from = offset / unit * unit;
  const std::uint32_t until = (offset + op.bytes + unit - 1) / unit * unit;
  return {from / 4, (until - from) / 4};
}

// Bits of the word that the operation was to change.
std::uint32_t changing(const FlashOp& op, std::uint32_t in_word, std::uint32_t held) {
  if (op.erase) return ~held;
  const std::uint32_t mask = op.bytes == 4 ? ~0U : ((1U << 8 * op.bytes) - 1) << 8 * in_word;
  return held & mask & ~(op.value << 8 * in_word);
}

// Where a disturbance of the operation shows: the word behind what is in work, or before it at the
// end of the sector (for an erase: of the flash).
std::uint32_t word_beside(const FlashOp& op, const FlashGeometry& geometry) {
  const std::uint32_t offset = op.address - geometry.range.start;
  const Sector& sector = sector_at(geometry, offset);
  const std::uint32_t end = op.erase ? geometry.range.size : sector.offset + sector.bytes;
  const std::uint32_t behind = (offset + op.bytes + 3) / 4 * 4;
  return behind < end ? behind : offset / 4 * 4 - 4;
}

}  // namespace

void FlashMarks::add(std::span<const FlashMark> marks) {
  for (const FlashMark& mark : marks) {
    const auto place = std::lower_bound(list_.begin(), list_.end(), mark.word, before_word);
    if (place != list_.end() && place->word == mark.word) {
      *place = mark;
    } else {
      list_.insert(place, mark);
    }
  }
}

void FlashMarks::erased(std::uint32_t offset, std::uint32_t bytes) {
  const auto from = std::lower_bound(list_.begin(), list_.end(), offset / 4, before_word);
  const auto until = std::lower_bound(from, list_.end(), (offset + bytes) / 4, before_word);
  list_.erase(from, until);
}

void FlashMarks::programmed(std::uint32_t offset, std::uint32_t bytes, std::uint32_t value) {
  const auto place = std::lower_bound(list_.begin(), list_.end(), offset / 4, before_word);
  if (place == list_.end() || place->word != offset / 4 || place->unreadable) return;
  const std::uint32_t shift = 8 * (offset % 4);
  const std::uint32_t mask = bytes == 4 ? ~0U : ((1U << 8 * bytes) - 1) << shift;
  place->undecided &= ~(mask & ~(value << shift));
  if (place->undecided == 0) list_.erase(place);
}

const FlashMark* FlashMarks::at(std::uint32_t word) const {
  const auto place = std::lower_bound(list_.begin(), list_.end(), word, before_word);
  return place != list_.end() && place->word == word ? &*place : nullptr;
}

bool FlashMarks::unreadable(std::uint32_t offset, std::uint32_t bytes) const {
  for (std::uint32_t word = offset / 4; word <= (offset + bytes - 1) / 4; ++word) {
    if (const FlashMark* mark = at(word); mark != nullptr && mark->unreadable) return true;
  }
  return false;
}

std::uint64_t FlashMarks::load(std::uint32_t offset, std::uint32_t bytes, std::uint64_t stored) {
  for (std::uint32_t i = 0; i < bytes; ++i) {
    const FlashMark* mark = at((offset + i) / 4);
    if (mark == nullptr) continue;
    if (i == 0 || (offset + i) % 4 == 0) ++loads_;
    const auto chance =
        static_cast<std::uint32_t>(base::derived_seed(mark->seed + (loads_ << 32), "metastable"));
    const std::uint64_t undecided = mark->undecided >> 8 * ((offset + i) % 4) & 0xFF;
    const std::uint64_t drawn = chance >> 8 * ((offset + i) % 4) & undecided;
    stored = (stored & ~(undecided << 8 * i)) | drawn << 8 * i;
  }
  return stored;
}

bool is_possible(TornKind kind, bool erase, const FlashGeometry& flash) {
  const bool corrected = flash.ecc != EccFault::none;
  switch (kind) {
    case TornKind::old_state:
    case TornKind::new_state:
      return true;
    case TornKind::prefix:
      return erase || !corrected;
    case TornKind::partial_erase:
      return erase;
    case TornKind::partial_bits:
    case TornKind::one_bit:
    case TornKind::all_but_one_bit:
    case TornKind::metastable:
    case TornKind::neighbour:
      return !corrected;
    case TornKind::bad_ecc:
      return corrected;
    case TornKind::dropped:
      return flash.buffered;
  }
  return false;
}

FlashMarkList marks_left(const FlashOp& op, record::TornModel torn, const FlashGeometry& geometry,
                         base::ByteView flash) {
  FlashMarkList marks;
  if (!leaves_marks(torn.kind)) return marks;
  const bool unreadable = torn.kind == TornKind::bad_ecc;
  const std::uint32_t unit = unreadable ? geometry.unit : 4;
  const auto [first, count] = words_in_work(op, unit, geometry);
  for (std::uint32_t word = first; word < first + count; ++word) {
    const std::uint32_t held = base::read_le32(flash, std::size_t{word} * 4);
    FlashMark mark{.word = word, .unreadable = unreadable, .undecided = 0, .seed = torn.amount};
    if (!unreadable) mark.undecided = changing(op, op.address % 4, held);
    if (unreadable || mark.undecided != 0) marks.push_back(mark);
  }
  return marks;
}

std::optional<DisturbedByte> disturbed_byte(const FlashOp& op, record::TornModel torn,
                                            const FlashGeometry& geometry, base::ByteView flash) {
  if (torn.kind != TornKind::neighbour) return std::nullopt;
  const std::uint32_t offset = word_beside(op, geometry);
  if (offset >= flash.size()) return std::nullopt;  // of a flash of one word: it wrapped
  const std::uint32_t held = base::read_le32(flash, offset);
  const std::uint32_t could = op.erase ? ~held : held;
  if (could == 0) return std::nullopt;
  base::Random random(base::derived_seed(torn.amount, "neighbour"));
  auto steps = random.below(static_cast<std::uint64_t>(__builtin_popcount(could)));
  unsigned bit = 0;
  for (;; ++bit) {
    if ((could >> bit & 1) != 0 && steps-- == 0) break;
  }
  const std::uint32_t value = held ^ 1U << bit;
  return DisturbedByte{offset + bit / 8, static_cast<std::uint8_t>(value >> bit / 8 * 8)};
}

}  // namespace rig::simulator
