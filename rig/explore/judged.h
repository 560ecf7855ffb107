// A finished cycle as the store books it.
#pragma once

#include "board/sim_cycle.h"
#include "record/judge.h"
#include "store/cut_spot.h"
#include "store/model.h"

namespace rig::explore {

[[nodiscard]] inline store::CycleOutcome outcome_of(const board::SimCycle& cycle,
                                                    record::Judgement judgement) {
  return {.judgement = std::move(judgement),
          .cut = store::cut_spot_of(cycle.timeline()),
          .recovery = store::recovery_of(cycle.timeline()),
          .host = {},
          .ended_unix_us = 0};
}

}  // namespace rig::explore
