#include "scenario/points.h"

#include <algorithm>
#include <set>

#include "base/random.h"

namespace rig::scenario {
namespace {

using record::TornKind;

using Ops = std::vector<FlashOpInfo>;
using Chosen = std::set<std::uint64_t>;  // positions in Ops

// Flash of the product where a torn write hurts most (memory map: README): the boot loader with the
// configuration sectors behind it.
constexpr std::uint32_t kSensitiveFrom = 0x08000000;
constexpr std::uint32_t kSensitiveUntil = 0x0800C000;

bool sensitive(const FlashOpInfo& op) {
  return op.address >= kSensitiveFrom && op.address < kSensitiveUntil;
}

// A run ends where the address does not go on, an erase stands, or the phase changes.
bool continues(const FlashOpInfo& before, const FlashOpInfo& op) {
  return !before.erase && !op.erase && op.address == before.address + before.bytes &&
         op.phase == before.phase;
}

// `share` of the positions, evenly spaced, each moved within its own stretch by the seed.
void spread(const std::vector<std::uint64_t>& positions, std::size_t share, base::Random& random,
            Chosen& chosen) {
  if (positions.size() <= share) {
    chosen.insert(positions.begin(), positions.end());
    return;
  }
  for (std::size_t i = 0; i < share; ++i) {
    const std::size_t from = i * positions.size() / share;
    const std::size_t until = (i + 1) * positions.size() / share;
    chosen.insert(positions[from + random.below(until - from)]);
  }
}

// Both sides of every boundary between runs, with one neighbour each.
std::vector<std::uint64_t> boundaries(const Ops& ops) {
  std::set<std::uint64_t> found;
  for (std::uint64_t i = 0; i < ops.size(); ++i) {
    if (i != 0 && continues(ops[i - 1], ops[i])) {
      continue;
    }
    for (const std::uint64_t near : {i - 2, i - 1, i, i + 1}) {
      if (near < ops.size()) {  // i - 2 wraps at the start
        found.insert(near);
      }
    }
  }
  for (const std::uint64_t last : {ops.size() - 2, ops.size() - 1}) {
    if (last < ops.size()) {
      found.insert(last);
    }
  }
  return {found.begin(), found.end()};
}

template <class Predicate>
std::vector<std::uint64_t> positions_where(const Ops& ops, Predicate wanted) {
  std::vector<std::uint64_t> positions;
  for (std::uint64_t i = 0; i < ops.size(); ++i) {
    if (wanted(i)) {
      positions.push_back(i);
    }
  }
  return positions;
}

template <class Trigger>
record::CutPlan cut_at(const Trigger& trigger, const Sweep& sweep, record::TornModel torn) {
  record::CutPlan cut;
  cut.trigger = trigger;
  cut.domains = sweep.domains;
  cut.off_for = sweep.off_for;
  cut.torn = torn;
  return cut;
}

}  // namespace

std::vector<record::TornModel> torn_models_for(const FlashOpInfo& op,
                                               const std::vector<TornKind>& wanted) {
  std::vector<record::TornModel> models;
  for (const TornKind kind : wanted) {
    switch (kind) {
      case TornKind::old_state:
      case TornKind::new_state:
      case TornKind::one_bit:
      case TornKind::all_but_one_bit:
      case TornKind::bad_ecc:
      case TornKind::dropped:
        models.push_back({kind, 0});
        break;
      case TornKind::prefix:  // one half word of two; a quarter of the sector
        models.push_back({kind, op.erase ? 250U : 1U});
        break;
      case TornKind::partial_bits:
      case TornKind::metastable:
      case TornKind::neighbour:
        models.push_back({kind, static_cast<std::uint32_t>(op.index)});
        break;
      case TornKind::partial_erase:
        if (op.erase) {
          models.push_back({kind, 500});
        }
        break;
    }
  }
  if (models.empty()) {
    models.push_back({TornKind::old_state, 0});
  }
  return models;
}

std::vector<std::uint64_t> choose_points(const Ops& ops, std::uint32_t count, std::uint64_t seed) {
  base::Random random(base::derived_seed(seed, "points"));
  Chosen chosen;
  const auto take = [&](std::size_t share, auto wanted) {
    const std::size_t left = count - std::min<std::size_t>(count, chosen.size());
    spread(positions_where(ops, wanted), std::min(share, left), random, chosen);
  };
  const auto edges = boundaries(ops);
  take(count, [&](std::uint64_t i) { return ops.size() <= count || ops[i].erase; });
  take(count / 3, [&](std::uint64_t i) {
    return !chosen.contains(i) && std::binary_search(edges.begin(), edges.end(), i);
  });
  take(count / 3, [&](std::uint64_t i) { return !chosen.contains(i) && sensitive(ops[i]); });
  take(count, [&](std::uint64_t i) { return !chosen.contains(i); });
  std::vector<std::uint64_t> indices;
  for (const std::uint64_t position : chosen) {
    indices.push_back(ops[position].index);
  }
  return indices;
}

std::vector<record::CutPlan> expand(const Sweep& sweep, const Ops& ops, std::uint64_t seed) {
  const auto points = choose_points(ops, sweep.points, seed);
  std::vector<record::CutPlan> cuts;
  std::size_t erases = 0;
  std::size_t words = 0;
  auto op = ops.begin();
  for (const std::uint64_t index : points) {
    op = std::find_if(op, ops.end(), [&](const FlashOpInfo& o) { return o.index == index; });
    const auto models = torn_models_for(*op, sweep.torn);
    // Erases and words take turns of their own, so that neither is stuck with one model.
    const std::size_t turn = op->erase ? erases++ : words++;
    cuts.push_back(cut_at(record::FlashOpTrigger{index, record::OpMoment::during}, sweep,
                          models[turn % models.size()]));
  }
  return cuts;
}

std::vector<record::CutPlan> expand(const Sweep& sweep, base::Duration length, std::uint64_t seed) {
  base::Random random(base::derived_seed(seed, "points"));
  std::vector<record::CutPlan> cuts;
  const base::Duration stretch = sweep.points == 0 ? base::Duration{} : length / sweep.points;
  for (std::uint32_t i = 0; i < sweep.points; ++i) {
    const auto within = random.below(static_cast<std::uint64_t>(stretch.count()));
    const base::Duration after = stretch * i + base::Duration(static_cast<std::int64_t>(within));
    // Whole microseconds keep plan ids short.
    const auto rounded = std::chrono::duration_cast<std::chrono::microseconds>(after);
    const TornKind torn =
        sweep.torn.empty() ? TornKind::old_state : sweep.torn[i % sweep.torn.size()];
    cuts.push_back(cut_at(record::TimeTrigger{rounded}, sweep, {torn, 0}));
  }
  return cuts;
}

}  // namespace rig::scenario
