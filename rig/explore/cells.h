// The cells of an exploration: a flash operation, and what a loss of power in it leaves behind.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/trace.h"
#include "record/cut_plan.h"
#include "simulator/flash_marks.h"
#include "simulator/flash_op.h"

namespace rig::explore {

// `operation` 1..: counted since power-on, or since the update was offered.
struct Cell {
  std::uint64_t operation{};
  record::TornModel torn;
  bool operator==(const Cell&) const = default;
};

// The torn models that make sense for each kind of operation, in the order asked for.
class CellModels {
 public:
  // Empty: old and new. What the part cannot do (simulator/flash_marks.h) is left out.
  explicit CellModels(const std::vector<record::TornKind>& kinds,
                      const simulator::FlashGeometry& flash = simulator::stm32f205().flash);

  [[nodiscard]] std::size_t count(bool erase) const { return of(erase).size(); }
  [[nodiscard]] std::size_t count(const Change& change) const { return count(change.is_erase()); }
  [[nodiscard]] record::TornModel model(const Change& change, std::uint64_t operation,
                                        std::size_t index) const;

 private:
  [[nodiscard]] const std::vector<record::TornModel>& of(bool erase) const {
    return erase ? erase_ : program_;
  }

  std::vector<record::TornModel> program_;
  std::vector<record::TornModel> erase_;
};

// The operation as simulator::tear() wants it; without instants. `base`: where flash begins.
[[nodiscard]] inline simulator::FlashOp operation_of(const Change& change, std::uint32_t base) {
  simulator::FlashOp operation;
  operation.address = base + change.offset();
  operation.bytes = change.bytes();
  operation.erase = change.is_erase();
  operation.value = change.value();
  return operation;
}

}  // namespace rig::explore
