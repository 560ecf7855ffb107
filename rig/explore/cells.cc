#include "explore/cells.h"

#include "record/cut_plan_words.h"

namespace rig::explore {

using record::TornKind;
using record::TornModel;

// Amounts as a sweep over listed points takes them (scenario/points.cc): half of a word, a quarter
// and the half of a sector; and of an erase that has hardly begun a few words, because what stands
// in a sector may be much less than a quarter of it. Seeds follow from the operation, see model().
CellModels::CellModels(const std::vector<TornKind>& kinds, const simulator::FlashGeometry& flash) {
  const auto add = [&](bool erase, TornModel model) {
    if (simulator::is_possible(model.kind, erase, flash)) {
      (erase ? erase_ : program_).push_back(model);
    }
  };
  for (const TornKind kind : kinds) {
    switch (kind) {
      case TornKind::old_state:
      case TornKind::new_state:
      case TornKind::partial_bits:
      case TornKind::one_bit:
      case TornKind::all_but_one_bit:
      case TornKind::metastable:
      case TornKind::bad_ecc:
      case TornKind::neighbour:
      case TornKind::dropped:
        add(false, {kind, 0});
        add(true, {kind, 0});
        break;
      case TornKind::prefix:
        add(false, {kind, 1});
        add(true, {kind, 250});
        add(true, {kind, 1});
        break;
      case TornKind::partial_erase:
        add(true, {kind, 500});
        break;
    }
  }
  for (auto* models : {&program_, &erase_}) {
    if (models->empty()) *models = {{TornKind::old_state, 0}, {TornKind::new_state, 0}};
  }
}

TornModel CellModels::model(const Change& change, std::uint64_t operation,
                            std::size_t index) const {
  TornModel model = of(change.is_erase())[index];
  if (record::takes_seed(model.kind)) model.amount = static_cast<std::uint32_t>(operation);
  return model;
}

}  // namespace rig::explore
