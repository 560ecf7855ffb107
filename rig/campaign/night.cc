#include "campaign/night.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "base/random.h"
#include "record/vocabulary.h"

namespace rig::campaign {
namespace {

using record::CutPlan;

constexpr double kGoldenRatio = 0.618'033'988'749'894'9;
constexpr double kDither = 1.0 / 32;

// Which scenario's turn it is, and for the how-many-eth time.
struct Turn {
  std::size_t entry{};
  std::uint64_t ordinal{};
};

Turn turn_at(const Night& night, std::uint64_t index) {
  std::vector<std::size_t> round;
  for (std::size_t i = 0; i < night.entries.size(); ++i) {
    round.insert(round.end(), night.entries[i].weight, i);
  }
  RIG_ASSERT(!round.empty());
  const std::uint64_t number = index / round.size();
  const auto place = static_cast<std::ptrdiff_t>(index % round.size());
  base::Random random(base::derived_seed(night.seed, fmt::format("round {}", number)));
  for (std::size_t i = round.size(); i > 1; --i) std::swap(round[i - 1], round[random.below(i)]);
  const std::size_t entry = round[static_cast<std::size_t>(place)];
  const auto before = std::count(round.begin(), round.begin() + place, entry);
  return {.entry = entry,
          .ordinal = number * night.entries[entry].weight + static_cast<std::uint64_t>(before)};
}

// The cycles of a scenario come in groups: a control, a known-bad one if there is one, cuts.
struct Role {
  enum class Kind : std::uint8_t { control, known_bad, cut } kind{};
  std::uint64_t ordinal{};  // among those of its kind
};

Role role_of(const Night& night, const Turn& turn) {
  RIG_ASSERT(night.control_every >= 3);
  const std::uint64_t group = turn.ordinal / night.control_every;
  const std::uint64_t place = turn.ordinal % night.control_every;
  const std::uint64_t others = night.entries[turn.entry].known_bad ? 2 : 1;
  if (place == 0) return {Role::Kind::control, group};
  if (place < others) return {Role::Kind::known_bad, group};
  return {Role::Kind::cut, group * (night.control_every - others) + place - others};
}

// In [0, 1): the visits of one phase, in turn, lie as far from each other as so many can.
double place_of(double start, std::uint64_t visit, base::Random& random) {
  const double place = start + static_cast<double>(visit) * kGoldenRatio + random.unit() * kDither;
  return place - std::floor(place);
}

CutPlan like(const scenario::Sweep& sweep) {
  CutPlan cut;
  cut.domains = sweep.domains;
  cut.off_for = sweep.off_for;
  return cut;
}

CutPlan in_operation(const Stratum& stratum, const scenario::Sweep& sweep, double place,
                     base::Random& random) {
  auto nth = static_cast<std::uint64_t>(place * static_cast<double>(operations_in(stratum)));
  const OpRun* run = &stratum.operations.front();
  while (nth >= run->count) nth -= (run++)->count;
  scenario::FlashOpInfo op;
  op.index = run->first + nth;
  op.erase = run->erase;
  const auto models = scenario::torn_models_for(op, sweep.torn);
  CutPlan cut = like(sweep);
  cut.trigger = record::FlashOpTrigger{op.index, record::OpMoment::during};
  cut.torn = models[random.below(models.size())];
  return cut;
}

// Relative to the phase where that is its first stay: the update may be faster or slower there than
// in the control run. A phase that the device does not tell, or not for the first time, is found by
// the clock.
CutPlan in_time(const Stratum& stratum, const scenario::Sweep& sweep, double place) {
  const auto nanoseconds = static_cast<double>(length_of(stratum).count());
  base::Duration within(static_cast<std::int64_t>(place * nanoseconds));
  const Stay* stay = &stratum.stays.front();
  while (within >= stay->length && stay != &stratum.stays.back()) within -= (stay++)->length;
  // Whole microseconds keep plan ids short.
  const auto rounded = std::chrono::duration_cast<std::chrono::microseconds>(within);
  CutPlan cut = like(sweep);
  if (stay == &stratum.stays.front() && stratum.phase != record::kIdlePhase) {
    cut.trigger = record::PhaseTrigger{.phase = stratum.phase, .leaving = false};
    cut.offset = rounded;
  } else {
    const auto begins = std::chrono::duration_cast<std::chrono::microseconds>(stay->begins);
    cut.trigger = record::TimeTrigger{begins + rounded};
  }
  return cut;
}

CutPlan stratified(const Night& night, const Entry& entry, std::uint64_t ordinal,
                   base::Random& random) {
  const auto& sweep = std::get<scenario::Sweep>(entry.cut);
  RIG_ASSERT(!entry.strata.empty());
  const Stratum& stratum = entry.strata[ordinal % entry.strata.size()];
  const std::uint64_t visit = ordinal / entry.strata.size();
  const std::string name = fmt::format("places {} {}", entry.scenario, stratum.phase);
  const double start = base::Random(base::derived_seed(night.seed, name)).unit();
  const bool operations = entry.by_operation && operations_in(stratum) > 0;
  const bool time = length_of(stratum) > base::Duration::zero();
  const bool both = operations && time;
  const double place = place_of(start, both ? visit / 2 : visit, random);
  if (operations && (!time || visit % 2 == 0)) return in_operation(stratum, sweep, place, random);
  return in_time(stratum, sweep, place);
}

std::optional<CutPlan> cut_of(const Night& night, const Entry& entry, std::uint64_t ordinal,
                              base::Random& random) {
  if (const auto* one = std::get_if<CutPlan>(&entry.cut)) return *one;
  if (std::holds_alternative<std::monostate>(entry.cut)) return std::nullopt;
  return stratified(night, entry, ordinal, random);
}

}  // namespace

const Entry& entry_of(const Night& night, const Draw& draw) {
  return (draw.known_bad ? night.known_bad : night.entries)[draw.entry];
}

Draw draw(const Night& night, std::uint64_t index) {
  const Turn turn = turn_at(night, index);
  const Role role = role_of(night, turn);
  Draw drawn;
  drawn.entry = turn.entry;
  drawn.seed = base::derived_seed(night.seed, fmt::format("cycle {}", index));
  drawn.kind = store::CycleKind::control;
  if (role.kind == Role::Kind::control) return drawn;
  base::Random random(base::derived_seed(drawn.seed, "night"));
  drawn.known_bad = role.kind == Role::Kind::known_bad;
  if (drawn.known_bad) drawn.entry = night.entries[turn.entry].known_bad.value();
  drawn.cut = cut_of(night, entry_of(night, drawn), role.ordinal, random);
  drawn.kind = drawn.cut ? store::CycleKind::cut : store::CycleKind::run;
  const std::vector<std::string>& links = entry_of(night, drawn).links;
  if (!links.empty()) drawn.link = links[random.below(links.size())];
  return drawn;
}

}  // namespace rig::campaign
