// A made-up machine whose "firmware" is a random function of what it has read: it looks at words,
// programs and erases them, in an order that depends on their values. Small enough that every
// sequence of cuts can be tried one by one.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "explore/exploration.h"
#include "simulator/engine.h"
#include "simulator/flash_reads.h"

namespace rig::explore::testing {

inline constexpr std::uint32_t kSectors = 3;
inline constexpr std::uint32_t kSectorBytes = 64;
inline constexpr std::uint32_t kSectorStride = 0x21000;
inline constexpr std::uint32_t kWordsPerSector = 2;

// The sectors that the machine uses; everything else is erased for ever.
struct SmallFlash {
  std::array<std::uint8_t, kSectors * kSectorBytes> bytes;

  SmallFlash() { bytes.fill(0xFF); }
  explicit SmallFlash(base::ByteView flash) : SmallFlash() {
    for (std::uint32_t i = 0; i < kSectors; ++i) {
      std::copy_n(flash.begin() + i * kSectorStride, kSectorBytes,
                  bytes.begin() + i * kSectorBytes);
    }
  }
  [[nodiscard]] base::Bytes whole() const {
    base::Bytes flash(simulator::kFlashSize, 0xFF);
    for (std::uint32_t i = 0; i < kSectors; ++i) {
      std::copy_n(bytes.begin() + i * kSectorBytes, kSectorBytes,
                  flash.begin() + i * kSectorStride);
    }
    return flash;
  }
  // By an offset into the whole.
  [[nodiscard]] std::span<std::uint8_t> at(std::uint32_t offset, std::uint32_t length) {
    return std::span(bytes).subspan(offset / kSectorStride * kSectorBytes + offset % kSectorStride,
                                    length);
  }
  bool operator<(const SmallFlash& other) const { return bytes < other.bytes; }
};

class SyntheticMachine {
 public:
  explicit SyntheticMachine(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] SmallFlash start() const {
    base::Random random(base::derived_seed(seed_, "start"));
    SmallFlash flash;
    for (std::uint32_t word = 0; word < kSectors * kWordsPerSector; ++word) {
      const auto value = 0xFFFFFFF0U | static_cast<std::uint32_t>(random.below(16));
      base::write_le32(flash.at(word_offset(word), 4), 0, value);
    }
    return flash;
  }

  [[nodiscard]] Trace execute(SmallFlash flash, RestNumber rest = 0) {
    ++executions;
    simulator::FlashReads reads;
    Trace trace;
    trace.rests = {{0, rest}};
    std::uint64_t memory = base::derived_seed(seed_, "boot");
    for (int step = 0; step < 9; ++step) {
      const auto word = static_cast<std::uint32_t>(memory >> 8) % (kSectors * kWordsPerSector);
      const std::uint32_t offset = word_offset(word);
      if (memory % 5 < 2) {
        reads.read(offset, 4);
        memory = base::derived_seed(memory + base::read_le32(flash.at(offset, 4), 0), "read");
        continue;
      }
      if (memory % 5 < 4) {
        reads.read(offset, 4);
        trace.changes.push_back(
            Change::program(offset, 4, ~(std::uint32_t{1} << (memory >> 16) % 4)));
      } else {
        const std::uint32_t sector = word / kWordsPerSector * kSectorStride;
        reads.erased(sector, kSectorBytes);
        trace.changes.push_back(Change::erase(sector, kSectorBytes));
      }
      finish(flash, trace.changes.back(), {record::TornKind::new_state, 0});
      memory = base::derived_seed(memory, "changed");
    }
    trace.reads = reads.words();
    trace.ending.story = std::to_string(memory);
    return trace;
  }

  static void finish(SmallFlash& flash, const Change& change, record::TornModel torn) {
    simulator::tear(operation_of(change, 0), torn, flash.at(change.offset(), change.bytes()));
  }

  std::atomic<std::uint64_t> executions{0};

 private:
  // Words of a sector lie at its start and in its middle.
  [[nodiscard]] static std::uint32_t word_offset(std::uint32_t word) {
    return word / kWordsPerSector * kSectorStride + word % kWordsPerSector * kSectorBytes / 2;
  }

  std::uint64_t seed_;
};

// What the cell leaves of `flash`, with the changes before it finished.
inline SmallFlash after_cut(SmallFlash flash, const std::vector<Change>& changes,
                            const Cell& cell) {
  for (std::uint64_t i = 0; i + 1 < cell.operation; ++i) {
    SyntheticMachine::finish(flash, changes[i], {record::TornKind::new_state, 0});
  }
  SyntheticMachine::finish(flash, changes[cell.operation - 1], cell.torn);
  return flash;
}

inline std::vector<Cell> all_cells(const CellModels& models, const std::vector<Change>& changes) {
  std::vector<Cell> cells;
  for (std::uint64_t operation = 1; operation <= changes.size(); ++operation) {
    const Change& change = changes[operation - 1];
    for (std::size_t model = 0; model < models.count(change); ++model) {
      cells.push_back({operation, models.model(change, operation, model)});
    }
  }
  return cells;
}

// Where the exploration says that a cell of a state leads.
inline StateNumber target_of(const Exploration& exploration, StateNumber state, const Cell& cell) {
  const auto& changes = exploration.knowledge().behaviour_of(state).trace.changes;
  for (const Stretch& stretch : exploration.stretches(state)) {
    if (cell.operation < stretch.first || cell.operation > stretch.last) continue;
    const Change& change = changes[cell.operation - 1];
    if (exploration.models().model(change, cell.operation, stretch.model) == cell.torn) {
      return stretch.target;
    }
  }
  return kUndecided;
}

}  // namespace rig::explore::testing
