// One module on its way to the device: which chunk is next, first each once, then those that the
// device says are missing. Knows no time and no datagrams.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ota/catalogue.h"
#include "ota/protocol.h"

namespace rig::ota {

class Transfer {
 public:
  enum class Phase : std::uint8_t {
    offered,    // BEGIN sent, the device is not ready yet
    sending,    // each chunk once
    finishing,  // DONE sent, nothing asked for yet
    repairing,  // the device asks for chunks or reports the result
  };

  // `entry` must outlive the transfer.
  explicit Transfer(const CatalogueEntry& entry);

  [[nodiscard]] const CatalogueEntry& entry() const { return *entry_; }
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] std::uint16_t chunk_count() const;

  void ready() { phase_ = Phase::sending; }
  void finishing() { phase_ = Phase::finishing; }
  void repairing() { phase_ = Phase::repairing; }
  // Replaces what was asked for before: the device asks for all it lacks, or the first 50 of it.
  // Indices beyond the end are dropped.
  void ask_for(const Missing& missing);

  // Whether next_chunk() has one.
  [[nodiscard]] bool has_next() const;
  // Takes the next chunk's index from the schedule.
  [[nodiscard]] std::optional<std::uint16_t> next_chunk();
  [[nodiscard]] Chunk chunk(std::uint16_t index) const;

 private:
  const CatalogueEntry* entry_;
  Phase phase_{Phase::offered};
  std::uint16_t first_pass_{0};        // next index of the first pass
  std::vector<std::uint16_t> repair_;  // in the order in which they were asked for
  std::size_t repaired_{0};            // so many of them were taken
};

}  // namespace rig::ota
